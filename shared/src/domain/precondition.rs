use serde::Serialize;

/// Which versions of a task a request is meant for: `If-Match` and `If-None-Match` (RFC 9110, section 13.1).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Preconditions {
    /// `If-Match`: these alone.
    pub if_match: Option<Versions>,
    /// `If-None-Match`: all but these.
    pub if_none_match: Option<Versions>,
}

/// The versions that a precondition names.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Versions {
    /// `*`: whichever there is.
    Any,
    /// These; none at all if the list is empty.
    Of(Vec<u64>),
}

/// The precondition that is not met.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unmet {
    /// The task has another version than those asked for.
    IfMatch,
    /// The task has a version that the sender knows.
    IfNoneMatch,
}

impl Versions {
    /// The most versions that a list may have: as many as DynamoDB compares a value with.
    ///
    /// Source: <https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.OperatorsAndFunctions.html>
    pub const MAX: usize = 100;

    fn has(&self, version: u64) -> bool {
        match self {
            Self::Any => true,
            Self::Of(versions) => versions.contains(&version),
        }
    }
}

impl Preconditions {
    /// Compares a task that is there with both, in the order of RFC 9110, section 13.2.2.
    ///
    /// # Errors
    /// The first that is not met.
    pub fn check(&self, version: u64) -> Result<(), Unmet> {
        if self.if_match.as_ref().is_some_and(|versions| !versions.has(version)) {
            Err(Unmet::IfMatch)
        } else if self.if_none_match.as_ref().is_some_and(|versions| versions.has(version)) {
            Err(Unmet::IfNoneMatch)
        } else {
            Ok(())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_sender_requires_comes_before_what_the_sender_knows() {
        let of = |versions: &[u64]| Some(Versions::Of(versions.to_vec()));
        for (if_match, if_none_match, expected) in [
            (None, None, Ok(())),
            (of(&[1, 2]), None, Ok(())),
            (Some(Versions::Any), None, Ok(())),
            (of(&[1]), None, Err(Unmet::IfMatch)),
            (of(&[]), None, Err(Unmet::IfMatch)),
            (None, of(&[1]), Ok(())),
            (None, of(&[]), Ok(())),
            (None, of(&[1, 2]), Err(Unmet::IfNoneMatch)),
            (None, Some(Versions::Any), Err(Unmet::IfNoneMatch)),
            (of(&[1]), of(&[2]), Err(Unmet::IfMatch)),
            (of(&[2]), of(&[2]), Err(Unmet::IfNoneMatch)),
            (of(&[2]), of(&[1]), Ok(())),
        ] {
            let preconditions = Preconditions { if_match, if_none_match };
            assert_eq!(preconditions.check(2), expected, "{preconditions:?}");
        }
    }
}
