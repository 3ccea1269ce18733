/// Which versions of a task a request is meant for (`If-Match`).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Precondition {
    /// Whichever there is.
    #[default]
    None,
    /// One of these; none at all if the list is empty.
    Versions(Vec<u64>),
}
