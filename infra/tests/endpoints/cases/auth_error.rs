use crate::{
    case::{Case, on},
    world::Answer,
};

pub fn cases() -> Vec<Case> {
    let redirect = |event| on(event).answers(302).where_(nothing_but_headers);
    vec![
        redirect("error")
            .with_header("location", "/?error=state_mismatch&error_description=Try+again")
            .costs_as("auth-error"),
        redirect("unknown").with_header("location", "/?error=UNKNOWN"),
    ]
}

fn nothing_but_headers(answer: &Answer) {
    assert_eq!((answer.text.as_str(), answer.header("content-type")), ("", None));
}
