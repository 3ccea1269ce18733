//! A line: one JSON object, in which the fields of the request stand beside those of what is said of it. Bytes of the log are a part
//! of the bill, so there is nothing in a line that nobody looks for.

use std::fmt;

use tracing::{
    Event, Subscriber,
    field::{Field, Visit},
    span::Record,
};
use tracing_subscriber::{
    field::RecordFields,
    fmt::{
        FmtContext, FormattedFields,
        format::{FormatEvent, FormatFields, Writer},
        time::{FormatTime, SystemTime},
    },
    registry::{LookupSpan, Scope},
};

/// Writes lines. Lambda wants `timestamp` and `level` in each, or takes it for one of level `INFO`.
pub(super) struct Line;

impl<S> FormatEvent<S, Members> for Line
where
    S: Subscriber + for<'span> LookupSpan<'span>,
{
    fn format_event(&self, context: &FmtContext<'_, S, Members>, mut to: Writer<'_>, event: &Event<'_>) -> fmt::Result {
        to.write_str("{\"timestamp\":\"")?;
        SystemTime.format_time(&mut to)?;
        write!(to, "\",\"level\":\"{}\"", event.metadata().level())?;
        for span in context.event_scope().into_iter().flat_map(Scope::from_root) {
            if let Some(members) = span.extensions().get::<FormattedFields<Members>>() {
                to.write_str(members)?;
            }
        }
        context.format_fields(to.by_ref(), event)?;
        to.write_str("}\n")
    }
}

/// Writes fields as members of an object that has others before them.
pub(super) struct Members;

impl<'writer> FormatFields<'writer> for Members {
    fn format_fields<R: RecordFields>(&self, to: Writer<'writer>, fields: R) -> fmt::Result {
        let mut visitor = MemberVisitor { to, result: Ok(()) };
        fields.record(&mut visitor);
        visitor.result
    }

    fn add_fields(&self, current: &'writer mut FormattedFields<Self>, fields: &Record<'_>) -> fmt::Result {
        self.format_fields(current.as_writer(), fields)
    }
}

struct MemberVisitor<'writer> {
    to: Writer<'writer>,
    result: fmt::Result,
}

impl MemberVisitor<'_> {
    /// A member of which the value is JSON already. Names of fields have nothing in them that JSON escapes.
    fn member(&mut self, field: &Field, value: impl fmt::Display) {
        if self.result.is_ok() {
            self.result = write!(self.to, ",\"{}\":{value}", field.name());
        }
    }
}

impl Visit for MemberVisitor<'_> {
    fn record_str(&mut self, field: &Field, value: &str) {
        match serde_json::to_string(value) {
            Ok(json) => self.member(field, json),
            Err(_) => self.result = Err(fmt::Error),
        }
    }

    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        self.record_str(field, &format!("{value:?}"));
    }

    fn record_bool(&mut self, field: &Field, value: bool) {
        self.member(field, value);
    }

    fn record_i64(&mut self, field: &Field, value: i64) {
        self.member(field, value);
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        self.member(field, value);
    }
}
