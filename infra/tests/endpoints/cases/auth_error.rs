use crate::{
    case::{Case, on},
    world::Answer,
};

pub fn cases() -> Vec<Case> {
    let redirect = |case: Case| case.answers(302).where_(nothing_but_headers);
    vec![
        redirect(on("error"))
            .has_header("location", "/?error=state_mismatch&error_description=Try+again")
            .costs_as("auth-error"),
        redirect(on("error").named("unknown").with_query("error=%3Cscript%3E"))
            .has_header("location", "/?error=UNKNOWN"),
        redirect(on("error").named("other-script").with_query("error=a&error_description=\u{e4}%20%C3%A4"))
            .has_header("location", "/?error=a&error_description=%C3%A4+%C3%A4"),
    ]
}

fn nothing_but_headers(answer: &Answer) {
    assert_eq!((answer.text.as_str(), answer.header("content-type")), ("", None));
}
