//! The tools that this server offers. Types become JSON schemas; doc comments become the descriptions that a model reads.

use chrono::{Datelike, NaiveDate, Weekday};
use pmcp::{Error, RequestHandlerExtra, Result, ToolHandler, server::typed_tool::TypedToolWithOutput};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::caller::Caller;

pub const DATE_DIFFERENCE: &str = "date_difference";
pub const TEXT_STATISTICS: &str = "text_statistics";
pub const WHO_AM_I: &str = "who_am_i";

/// What `who_am_i` wants of an access token: the name of the scope is the user pool's.
const READ: &str = "mcp/read";

#[derive(Deserialize, JsonSchema)]
struct DateRange {
    /// The first date, as YYYY-MM-DD.
    from: NaiveDate,
    /// The second date, as YYYY-MM-DD; may be before the first.
    to: NaiveDate,
}

#[derive(Debug, PartialEq, Serialize, JsonSchema)]
struct DateDifference {
    /// Days from the first date to the second; negative when the second is earlier.
    days: i64,
    /// Days from Monday to Friday in that time, the first date counted, the second not; negative when the second is earlier.
    working_days: i64,
    /// The English name of the first date's day of the week.
    from_weekday: String,
    /// The English name of the second date's day of the week.
    to_weekday: String,
}

#[derive(Deserialize, JsonSchema)]
struct Text {
    /// The text to measure.
    text: String,
    /// Also count how often this occurs in the text, without overlaps; case counts.
    find: Option<String>,
}

// Signed, because JSON Schema has a format for int64 and none for unsigned integers.
#[derive(Debug, PartialEq, Serialize, JsonSchema)]
struct TextStatistics {
    /// Unicode characters, spaces and line breaks included.
    characters: i64,
    /// Bytes of the text in UTF-8.
    bytes: i64,
    /// Words, split at white space.
    words: i64,
    /// Lines.
    lines: i64,
    /// How often `find` occurs; absent when there was nothing to find.
    #[serde(skip_serializing_if = "Option::is_none")]
    occurrences: Option<i64>,
}

#[derive(Deserialize, JsonSchema)]
struct Nothing {}

#[derive(Debug, Default, PartialEq, Serialize, JsonSchema)]
struct Identity {
    /// Whether the caller has signed in.
    signed_in: bool,
    /// The id of the person or machine that signed in.
    #[serde(skip_serializing_if = "Option::is_none")]
    subject: Option<String>,
    /// The id of the OAuth client that the access token was given to.
    #[serde(skip_serializing_if = "Option::is_none")]
    client: Option<String>,
    /// What the access token allows.
    scopes: Vec<String>,
}

/// Calendar arithmetic, which language models are bad at.
pub fn date_difference() -> impl ToolHandler {
    TypedToolWithOutput::new(DATE_DIFFERENCE, |range: DateRange, _: RequestHandlerExtra| {
        Box::pin(async move { Ok(difference(&range)) })
    })
    .with_description("Counts the days and working days between two dates, and tells their days of the week.")
    .read_only()
}

/// Counting letters and words, which language models are bad at, too.
pub fn text_statistics() -> impl ToolHandler {
    TypedToolWithOutput::new(TEXT_STATISTICS, |text: Text, _: RequestHandlerExtra| {
        Box::pin(async move { statistics(&text) })
    })
    .with_description("Counts the characters, words and lines of a text, and how often something occurs in it.")
    .read_only()
}

/// An example of a tool that looks at who calls, and wants a scope of its own.
pub fn who_am_i() -> impl ToolHandler {
    TypedToolWithOutput::new(WHO_AM_I, |_: Nothing, _: RequestHandlerExtra| {
        Box::pin(async move { identity(&Caller::required()?) })
    })
    .with_description("Tells who the server thinks you are, and what you may do.")
    .read_only()
}

fn identity(caller: &Caller) -> Result<Identity> {
    // Principals of AWS have no scopes: their policies say what they may.
    if !matches!(caller, Caller::Principal(_)) {
        caller.require(READ)?;
    }
    Ok(Identity {
        signed_in: *caller != Caller::Anybody,
        subject: caller.subject().map(Into::into),
        client: caller.client().map(Into::into),
        scopes: caller.scopes(),
    })
}

fn difference(DateRange { from, to }: &DateRange) -> DateDifference {
    let days = (*to - *from).num_days();
    let working_days = working_days_until(*to) - working_days_until(*from);
    DateDifference { days, working_days, from_weekday: name_of(from.weekday()), to_weekday: name_of(to.weekday()) }
}

/// Working days from Monday, 1 January of year 1, up to a date.
fn working_days_until(date: NaiveDate) -> i64 {
    let days = i64::from(date.num_days_from_ce()) - 1;
    days.div_euclid(7) * 5 + days.rem_euclid(7).min(5)
}

fn name_of(weekday: Weekday) -> String {
    let name = match weekday {
        Weekday::Mon => "Monday",
        Weekday::Tue => "Tuesday",
        Weekday::Wed => "Wednesday",
        Weekday::Thu => "Thursday",
        Weekday::Fri => "Friday",
        Weekday::Sat => "Saturday",
        Weekday::Sun => "Sunday",
    };
    name.into()
}

fn statistics(Text { text, find }: &Text) -> Result<TextStatistics> {
    if find.as_deref() == Some("") {
        return Err(Error::tool_rejected("`find` must not be empty", None));
    }
    Ok(TextStatistics {
        characters: text.chars().count() as i64,
        bytes: text.len() as i64,
        words: text.split_whitespace().count() as i64,
        lines: text.lines().count() as i64,
        occurrences: find.as_ref().map(|find| text.matches(find.as_str()).count() as i64),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn days(from: &str, to: &str) -> (i64, i64) {
        let range = DateRange { from: from.parse().unwrap(), to: to.parse().unwrap() };
        let DateDifference { days, working_days, .. } = difference(&range);
        (days, working_days)
    }

    fn token(scope: &str) -> Caller {
        Caller::Token([("sub", "alice"), ("scope", scope)].map(|(name, value)| (name.into(), value.into())).into())
    }

    #[test]
    fn m10_tells_callers_apart() {
        let alice = identity(&token("mcp/read")).unwrap();
        assert_eq!((alice.signed_in, alice.subject.as_deref()), (true, Some("alice")));
        assert!(identity(&token("mcp/write")).is_err());
        assert!(identity(&Caller::Principal("arn:aws:iam::123456789012:user/ada".into())).unwrap().signed_in);
        assert_eq!(identity(&Caller::Anybody).unwrap(), Identity::default());
    }

    #[test]
    fn counts_days_over_leap_years_and_weekends() {
        assert_eq!(days("2028-02-28", "2028-03-01"), (2, 2));
        assert_eq!(days("2026-01-02", "2026-01-05"), (3, 1));
        assert_eq!(days("2026-01-05", "2026-01-02"), (-3, -1));
        assert_eq!(days("2026-01-03", "2026-01-04"), (1, 0));
    }

    #[test]
    fn names_the_weekdays() {
        let range = DateRange { from: "2026-07-28".parse().unwrap(), to: "2026-08-02".parse().unwrap() };
        let DateDifference { from_weekday, to_weekday, .. } = difference(&range);
        assert_eq!((from_weekday.as_str(), to_weekday.as_str()), ("Tuesday", "Sunday"));
    }

    #[test]
    fn counts_characters_rather_than_bytes() {
        let text = Text { text: "strawberry\nGrüße, Welt".into(), find: Some("r".into()) };
        let expected = TextStatistics { characters: 22, bytes: 24, words: 3, lines: 2, occurrences: Some(4) };
        assert_eq!(statistics(&text).unwrap(), expected);
    }

    #[test]
    fn refuses_to_look_for_nothing() {
        assert!(statistics(&Text { text: "a".into(), find: Some(String::new()) }).is_err());
    }
}
