//! The API's description is that of the code, and every answer that these tests see is held to it (see [`crate::world`]).

use crate::generated;

#[test]
fn the_description_in_the_repository_is_that_of_the_code() {
    let document = functions::openapi::document().unwrap();
    let text = format!("{}\n", serde_json::to_string_pretty(&document).unwrap());
    generated::hold_files([("functions/openapi.json".to_owned(), text)]);
}
