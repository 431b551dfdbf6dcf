"""What the local AWS adds to ministack: who may call it, and where it must behave as AWS documents. One module for each purpose."""
