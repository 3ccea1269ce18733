use super::{Case, on};

const KEPT: (&str, &str) = ("cache-control", "public, max-age=3600");

pub fn cases() -> Vec<Case> {
    let part = |name, query, media_type| {
        let case = on("page").named(name).with_query(query).answers(200);
        case.has_header(KEPT.0, KEPT.1).has_header("content-type", media_type)
    };
    vec![
        on("page")
            .answers(200)
            .has_header(KEPT.0, KEPT.1)
            .has_header("content-type", "text/html; charset=utf-8")
            .where_(|answer| {
                let policy = answer.header("content-security-policy").unwrap();
                assert!(policy.starts_with("default-src 'none'; script-src 'self';"), "{policy}");
                assert!(!policy.contains("unsafe") && !answer.text.contains("://"), "{policy}: {}", answer.text);
            })
            .costs_as("api-docs"),
        part("start", "part=start", "text/javascript; charset=utf-8"),
        part("script", "part=script", "text/javascript; charset=utf-8").has_header("content-encoding", "gzip"),
        part("style", "part=style", "text/css; charset=utf-8").has_header("content-encoding", "gzip"),
        on("page").named("unknown-part").with_query("part=../page").refused(404, "route_not_found"),
    ]
}
