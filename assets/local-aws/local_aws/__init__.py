"""What the local AWS adds to ministack: access control, and documented behavior of AWS. One module for each purpose."""
