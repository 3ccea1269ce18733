use std::collections::{BTreeMap, BTreeSet};

use lambda_http::http::StatusCode;
use serde_json::{Map, Value, json, map::Entry};
use shared::{
    Error,
    domain::{TaskId, UserId},
    http::{Dialect, better_auth, plain},
};

use super::{Fields, Typed, headers, of, refusal::Refusal};
use crate::Endpoint;

/// The tag of what tasks are.
pub(super) const TASKS: &str = "Tasks";
/// The tag of accounts in the plain dialect.
pub(super) const ACCOUNTS: &str = "Accounts";
/// The tag of the other dialect.
pub(super) const BETTER_AUTH: &str = "Better Auth";
/// The tag of what is about the API.
pub(super) const API: &str = "API";

/// What an endpoint takes and what it can answer.
#[derive(Debug)]
pub(crate) struct Operation {
    endpoint: &'static Endpoint,
    summary: &'static str,
    description: &'static str,
    parameters: Vec<Value>,
    body: Option<Value>,
    answers: BTreeMap<u16, Value>,
    refusals: Vec<Error>,
    /// Those in the plain dialect, of a route that speaks it beside its own.
    refusals_in_plain: Vec<Error>,
    security: Vec<Value>,
    components: Map<String, Value>,
}

impl Operation {
    /// What every endpoint of its path, method and dialect has in common.
    pub(super) fn of(endpoint: &'static Endpoint) -> Self {
        let mut operation = Self {
            endpoint,
            summary: "",
            description: "",
            parameters: Vec::new(),
            body: None,
            answers: BTreeMap::new(),
            refusals: vec![Error::AddressClosed, Error::internal("")],
            refusals_in_plain: Vec::new(),
            security: Vec::new(),
            components: Map::new(),
        };
        for name in endpoint.path.split('/').filter_map(|segment| segment.strip_prefix('{')?.strip_suffix('}')) {
            let value = match name {
                "task_id" => of::<TaskId>(),
                "token" => Typed::new(json!({"type": "string"})),
                _ => of::<UserId>(),
            };
            operation = operation.with_parameter("path", name, value, "");
        }
        if endpoint.limit.is_some() {
            operation.refusals.push(Error::RateLimited(7));
        }
        match endpoint.dialect {
            Dialect::BetterAuth { .. } | Dialect::Both if endpoint.method != "GET" => {
                operation.refuses_bodies_and_pages()
            }
            _ => operation,
        }
    }

    /// What it does: a few words, and what else there is to know.
    pub(crate) fn about(self, summary: &'static str, description: &'static str) -> Self {
        Self { summary, description, ..self }
    }

    /// It needs to know who is calling.
    pub(crate) fn signed_in(mut self) -> Self {
        let mut schemes = vec!["accessToken", "sessionToken", "sessionCookie"];
        if self.endpoint.dialect == Dialect::Plain {
            schemes.push("serviceToken");
            if self.endpoint.method != "GET" {
                self.refusals.push(Error::OriginUntrusted);
            }
        }
        self.security = schemes.into_iter().map(|scheme| json!({scheme: []})).collect();
        self.refusals.extend([Error::NotAuthenticated(""), Error::SessionEnded("")]);
        self.stored()
    }

    /// It looks who is calling, who may be nobody.
    pub(crate) fn signed_in_or_not(mut self) -> Self {
        let schemes = ["accessToken", "sessionToken", "sessionCookie"];
        self.security = schemes.into_iter().map(|scheme| json!({scheme: []})).collect();
        self.security.push(json!({}));
        self.stored()
    }

    /// It asks the store.
    pub(crate) fn stored(mut self) -> Self {
        self.refusals.push(Error::unavailable(""));
        if self.endpoint.method != "GET" {
            self.refusals.push(Error::OutcomeUnknown("".into()));
        }
        self
    }

    /// It takes a body of these fields.
    pub(crate) fn takes(self, fields: Fields) -> Self {
        self.with_body(fields, true)
    }

    /// It takes a body of these fields, or none.
    pub(crate) fn may_take(self, fields: Fields) -> Self {
        self.with_body(fields, false)
    }

    fn with_body(mut self, fields: Fields, required: bool) -> Self {
        let referred = |name: &str| json!({"schema": {"$ref": format!("#/components/schemas/{name}")}});
        let mut content = Map::from_iter([("application/json".to_owned(), referred(fields.name))]);
        self.components.insert(fields.name.to_owned(), fields.schema());
        if self.endpoint.dialect == (Dialect::BetterAuth { accepts_forms: true }) {
            let name = format!("{}Form", fields.name);
            content.insert("application/x-www-form-urlencoded".to_owned(), referred(&name));
            self.components.insert(name, fields.schema_of_form());
        }
        self.components.extend(fields.components);
        self.body = Some(json!({"required": required, "content": content}));
        let not_valid = Error::Validation(vec![]);
        match self.endpoint.dialect {
            Dialect::BetterAuth { .. } | Dialect::Both => self.refuses([not_valid]),
            _ => self.refuses_bodies().refuses([not_valid]),
        }
    }

    fn refuses_bodies(self) -> Self {
        let unsupported = Error::UnsupportedMediaType { sent: String::new(), allowed: "application/json" };
        self.refuses([Error::MalformedJson("the error is at line 1 column 2".to_owned()), Error::BodyEmpty]).refuses([
            Error::NestedTooDeeply,
            Error::BodyTooLarge,
            unsupported,
            Error::ContentEncoded,
        ])
    }

    /// What the Better Auth dialect looks at before a route sees a request.
    fn refuses_bodies_and_pages(self) -> Self {
        self.refuses_bodies()
            .refuses([Error::OriginMissing, Error::OriginUntrusted])
            .refuses(better_auth::redirect_refusals().map(Error::from))
    }

    /// It takes a parameter in the query.
    pub(crate) fn query(self, name: &'static str, value: Typed, description: &'static str) -> Self {
        self.with_parameter("query", name, value, description)
    }

    /// It refuses a request without this parameter in the query.
    pub(crate) fn required_query(self, name: &'static str, value: Typed, description: &'static str) -> Self {
        let mut operation = self.with_parameter("query", name, value, description);
        if let Some(parameter) = operation.parameters.last_mut() {
            parameter["required"] = json!(true);
        }
        operation
    }

    /// It looks at a header.
    pub(crate) fn header(self, name: &'static str, value: Typed, description: &'static str) -> Self {
        self.with_parameter("header", name, value, description)
    }

    fn with_parameter(mut self, place: &str, name: &str, value: Typed, description: &str) -> Self {
        let mut parameter = json!({"name": name, "in": place, "required": place == "path", "schema": value.schema});
        if let (Some(parameter), false) = (parameter.as_object_mut(), description.is_empty()) {
            parameter.insert("description".to_owned(), json!(description));
        }
        self.parameters.push(parameter);
        self.components.extend(value.components);
        self
    }

    /// It answers so, in JSON, with these headers.
    pub(crate) fn answers(mut self, status: StatusCode, what: &str, value: Typed, headers: &[&str]) -> Self {
        self.components.extend(value.components);
        let content = json!({"application/json": {"schema": value.schema}});
        self.answers.insert(status.as_u16(), answer(what, Some(content), headers));
        self
    }

    /// It gives the same to everybody, who may keep it and ask again by its tag.
    pub(crate) fn kept_for_an_hour(self) -> Self {
        let tags = Typed::new(json!({"type": "string", "examples": ["\"1\""]}));
        self.header("if-none-match", tags, "The tags of what is known already.").answers_nothing(
            StatusCode::NOT_MODIFIED,
            "It is known already.",
            &["cache-control", "etag"],
        )
    }

    /// It answers so, in texts of other media types, with these headers.
    pub(crate) fn answers_text(
        mut self,
        status: StatusCode,
        what: &str,
        media_types: &[&str],
        headers: &[&str],
    ) -> Self {
        let content: Map<_, _> = media_types
            .iter()
            .map(|media_type| ((*media_type).to_owned(), json!({"schema": {"type": "string"}})))
            .collect();
        self.answers.insert(status.as_u16(), answer(what, Some(content.into()), headers));
        self
    }

    /// It answers so, without a body, with these headers.
    pub(crate) fn answers_nothing(mut self, status: StatusCode, what: &str, headers: &[&str]) -> Self {
        self.answers.insert(status.as_u16(), answer(what, None, headers));
        self
    }

    /// It can refuse so.
    pub(crate) fn refuses(mut self, errors: impl IntoIterator<Item = Error>) -> Self {
        self.refusals.extend(errors);
        self
    }

    /// It can refuse so to who speaks the plain dialect, which is not its own.
    pub(crate) fn refuses_in_plain(mut self, errors: impl IntoIterator<Item = Error>) -> Self {
        self.refusals_in_plain.extend(errors);
        self
    }

    /// The operation as OpenAPI has it, and the components that it refers to.
    ///
    /// # Errors
    /// What cannot be described.
    pub(super) fn finish(mut self) -> Result<Described, Error> {
        let plain = matches!(self.endpoint.dialect, Dialect::Plain);
        let error = if plain { of::<plain::Problem<'_>>() } else { of::<better_auth::ErrorJson<'_>>() };
        self.components.extend(error.components);
        let mut in_plain = by_status(&self.refusals_in_plain, Dialect::Plain)?;
        let mut shared = Map::new();
        let mut refusals_by_status = by_status(&self.refusals, self.endpoint.dialect)?;
        let too_many = refusals_by_status.remove(&429);
        for (status, refusals) in refusals_by_status {
            let mut answer = refused(&error.schema, plain, status, &refusals);
            if let Some(others) = in_plain.remove(&status) {
                let problem = of::<plain::Problem<'_>>();
                merge(&mut answer, refused(&problem.schema, true, status, &others));
            } else if let Some(name) = refusal_name(plain, &refusals) {
                // What is one refusal alone is the same wherever it is.
                let reference = json!({"$ref": format!("#/components/responses/{name}")});
                shared.insert(name, std::mem::replace(&mut answer, reference));
            }
            self.answers.insert(status, answer);
        }
        for (status, refusals) in in_plain {
            self.answers.insert(status, refused(&of::<plain::Problem<'_>>().schema, true, status, &refusals));
        }
        if !self.refusals_in_plain.is_empty() {
            self.components.extend(of::<plain::Problem<'_>>().components);
        }
        let (name, mut answer) = too_many_requests(too_many, &error.schema, plain);
        match self.answers.remove(&429) {
            Some(others) => {
                merge(&mut answer, others);
                self.answers.insert(429, answer);
            }
            None => {
                self.answers.insert(429, json!({"$ref": format!("#/components/responses/{name}")}));
                shared.insert(name.to_owned(), answer);
            }
        }
        let answers = self.answers.iter().map(|(status, answer)| (status.to_string(), answer));
        let mut operation = json!({
            "operationId": operation_id(self.endpoint.name),
            "tags": [tag(self.endpoint)],
            "summary": self.summary,
            "security": self.security,
            "responses": answers.collect::<BTreeMap<_, _>>(),
        });
        if let Some(members) = operation.as_object_mut() {
            if !self.description.is_empty() {
                members.insert("description".to_owned(), json!(self.description));
            }
            if !self.parameters.is_empty() {
                members.insert("parameters".to_owned(), json!(self.parameters));
            }
            if let Some(body) = self.body {
                members.insert("requestBody".to_owned(), body);
            }
        }
        Ok(Described { operation, schemas: self.components, answers: shared })
    }
}

/// An operation with the components that it refers to.
#[derive(Debug)]
pub(super) struct Described {
    pub(super) operation: Value,
    pub(super) schemas: Map<String, Value>,
    pub(super) answers: Map<String, Value>,
}

fn by_status(errors: &[Error], dialect: Dialect) -> Result<BTreeMap<u16, Vec<Refusal>>, Error> {
    let mut by_status: BTreeMap<u16, Vec<Refusal>> = BTreeMap::new();
    for error in errors {
        let refusal = Refusal::of(error, dialect)?;
        by_status.entry(refusal.status).or_default().push(refusal);
    }
    Ok(by_status)
}

/// Adds what another answer of the same status has: its media type, its headers, its sentences.
fn merge(answer: &mut Value, other: Value) {
    let (Some(answer), Value::Object(other)) = (answer.as_object_mut(), other) else { return };
    for (member, value) in other {
        match answer.entry(member) {
            Entry::Vacant(member) => _ = member.insert(value),
            Entry::Occupied(mut member) => match (member.get_mut(), value) {
                (Value::Object(into), Value::Object(from)) => into.extend(from),
                (Value::String(into), Value::String(from)) => *into = format!("{into}  \n{from}"),
                _ => {}
            },
        }
    }
}

/// The name of refusals that are one: their code as the name of a type.
fn refusal_name(plain: bool, refusals: &[Refusal]) -> Option<String> {
    let codes: BTreeSet<&str> = refusals.iter().map(|refusal| refusal.code.as_str()).collect();
    let code = codes.first().filter(|code| codes.len() == 1 && !code.is_empty())?.to_ascii_lowercase();
    let dialect = if plain { "" } else { "better_auth_" };
    Some(format!("{dialect}{code}").split('_').map(capitalised).collect())
}

fn capitalised(word: &str) -> String {
    let mut letters = word.chars();
    let first: String = letters.next().map(|letter| letter.to_ascii_uppercase()).into_iter().collect();
    first + letters.as_str()
}

fn answer(what: &str, content: Option<Value>, names: &[&str]) -> Value {
    let mut answer = Map::from_iter([("description".to_owned(), json!(what))]);
    if let Some(content) = content {
        answer.insert("content".to_owned(), content);
    }
    if !names.is_empty() {
        answer.insert("headers".to_owned(), headers::referred(names).into());
    }
    answer.into()
}

/// What refusals of one status have in common, with an example of each.
fn refused(schema: &Value, plain: bool, status: u16, refusals: &[Refusal]) -> Value {
    let mut examples = Map::new();
    let mut sentences = Vec::new();
    for refusal in refusals {
        let name = if refusal.code.is_empty() { refusal.sentence.clone() } else { refusal.code.clone() };
        if let (Some(body), false) = (&refusal.body, examples.contains_key(&name)) {
            examples.insert(name, json!({"summary": refusal.sentence, "value": body}));
            sentences.push(match refusal.code.as_str() {
                "" => refusal.sentence.clone(),
                code => format!("`{code}`: {}", refusal.sentence),
            });
        }
    }
    let codes: BTreeSet<&str> =
        refusals.iter().map(|refusal| refusal.code.as_str()).filter(|code| !code.is_empty()).collect();
    let mut narrower = json!({"properties": {"code": {"enum": codes}}});
    if plain {
        narrower = json!({"properties": {"code": {"enum": codes}, "status": {"const": status}}});
    }
    let media_type = if plain { "application/problem+json" } else { "application/json" };
    let content = json!({media_type: {"schema": {"allOf": [schema, narrower]}, "examples": examples}});
    let headers: BTreeSet<&str> =
        refusals.iter().flat_map(|refusal| refusal.headers.iter().map(String::as_str)).collect();
    answer(&sentences.join("  \n"), Some(content), &headers.into_iter().collect::<Vec<_>>())
}

/// What is answered where there were too many requests, of one client or of all, and what it is called.
fn too_many_requests(refusals: Option<Vec<Refusal>>, schema: &Value, plain: bool) -> (&'static str, Value) {
    let message = json!({"type": "object", "properties": {"message": {"type": "string"}}, "required": ["message"]});
    let of_gateway = json!({"schema": message, "example": {"message": "Too Many Requests"}});
    let Some(refusal) = refusals.and_then(|refusals| refusals.into_iter().next()) else {
        let content = json!({"application/json": of_gateway});
        return ("Throttled", answer("The gateway's throttle is reached.", Some(content), &["retry-after"]));
    };
    let limited = json!({"schema": schema, "example": refusal.body});
    let (name, content) = if plain {
        ("RateLimited", json!({"application/problem+json": limited, "application/json": of_gateway}))
    } else {
        ("BetterAuthRateLimited", json!({"application/json": limited}))
    };
    let headers: Vec<_> = refusal.headers.iter().map(String::as_str).collect();
    (name, answer("There were too many requests; or the gateway's throttle is reached.", Some(content), &headers))
}

fn tag(endpoint: &Endpoint) -> &'static str {
    match endpoint.dialect {
        Dialect::BetterAuth { .. } | Dialect::Both => BETTER_AUTH,
        _ if endpoint.name.starts_with("tasks-") => TASKS,
        _ if endpoint.name.starts_with("api-") => API,
        _ => ACCOUNTS,
    }
}

/// `tasks-create` as a program would call it: `tasksCreate`.
fn operation_id(name: &str) -> String {
    let mut words = name.split('-');
    let first = words.next().unwrap_or_default().to_owned();
    first + &words.map(capitalised).collect::<String>()
}
