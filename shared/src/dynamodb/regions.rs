use std::{fs, path::Path, process};

/// Names a file that the SDK reads instead of its table of Regions.
const VARIABLE: &str = "SMITHY_CLIENT_SDK_CUSTOM_PARTITION";

/// A table with no Region in it.
const NONE: &str = r#"{"partitions": [], "version": "1.1"}"#;

/// Has the SDK read an empty table of Regions, where the environment names a file for it.
///
/// Every client that the SDK makes reads the table of all Regions, which takes as long as half of everything else before the first
/// poll, to look up addresses that are known here already. It takes a file instead, and ends the process if there is none: so the
/// file is made here, before the first client is, and not shipped.
///
/// # Errors
/// What is wrong with the file, or that there is no address to do without the table.
pub(super) fn leave_out(variable: impl Fn(&str) -> Option<String>, has_address: bool) -> Result<(), String> {
    let Some(file) = variable(VARIABLE) else { return Ok(()) };
    if Path::new(&file).exists() {
        return Ok(());
    }
    if !has_address {
        return Err(format!("{VARIABLE} names no file: without one, AWS_ENDPOINT_URL_DYNAMODB must be set"));
    }
    // Whoever else makes it at the same time, nobody reads a half of it.
    let part = format!("{file}.{}", process::id());
    let made = fs::write(&part, NONE).and_then(|()| fs::rename(&part, &file));
    made.map_err(|error| format!("{VARIABLE} must be a file that can be made, not {file:?}: {error}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn leave_out_by(file: &Path, has_address: bool) -> Result<(), String> {
        leave_out(|name| (name == VARIABLE).then(|| file.display().to_string()), has_address)
    }

    #[test]
    fn the_file_is_made_where_there_is_none_and_left_alone_where_there_is_one() {
        let directory = tempfile::tempdir().unwrap();
        let file = directory.path().join("regions.json");
        assert_eq!(leave_out_by(&file, true), Ok(()));
        assert_eq!(fs::read_to_string(&file).unwrap(), NONE);
        fs::write(&file, "somebody's").unwrap();
        assert_eq!(leave_out_by(&file, true), Ok(()));
        assert_eq!(leave_out_by(&file, false), Ok(()));
        assert_eq!(fs::read_to_string(&file).unwrap(), "somebody's");
        assert_eq!(fs::read_dir(directory.path()).unwrap().count(), 1);
    }

    #[test]
    fn what_cannot_be_made_is_an_error_before_it_ends_the_process() {
        let directory = tempfile::tempdir().unwrap();
        let error = leave_out_by(&directory.path().join("absent/regions.json"), true).unwrap_err();
        assert!(error.starts_with("SMITHY_CLIENT_SDK_CUSTOM_PARTITION must be a file that can be made"), "{error}");
    }

    #[test]
    fn without_an_address_the_table_is_needed() {
        let directory = tempfile::tempdir().unwrap();
        let file = directory.path().join("regions.json");
        assert!(leave_out_by(&file, false).unwrap_err().contains("AWS_ENDPOINT_URL_DYNAMODB must be set"));
        assert!(!file.exists());
        assert_eq!(leave_out(|_| None, false), Ok(()));
    }
}
