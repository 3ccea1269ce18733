//! What the local stack and the tests need to know of `template.yaml`: functions, routes, tables, CORS.

use std::{collections::BTreeMap, fs, path::Path};

use serde_yaml_ng::{Mapping, Value, value::TaggedValue};

/// The template, read with the default values of its parameters.
#[derive(Debug, Clone)]
pub struct Template {
    /// Its functions, by logical id.
    pub functions: BTreeMap<String, Function>,
    /// Its tables, by logical id.
    pub tables: BTreeMap<String, Table>,
    /// Which table's stream each worker reads: logical ids, the function's first.
    pub sources: BTreeMap<String, String>,
    /// What the API answers to browsers of other origins.
    pub cors: Cors,
    /// Headers of the web application's pages and files that no https is needed for, by name in lower case.
    pub site_headers: BTreeMap<String, String>,
}

/// A function.
#[derive(Debug, Clone)]
pub struct Function {
    /// The name of its binary.
    pub binary: String,
    /// How long it may take, in seconds.
    pub timeout_seconds: u64,
    /// Its memory in MB, which its share of a processor goes with: 1769 MB is a whole one.
    pub memory_mb: u32,
    /// What calls it, if requests do.
    pub routes: Vec<Route>,
    /// What its policies allow: an action (`dynamodb:GetItem`) and a table's logical id each, sorted.
    pub grants: Vec<(String, String)>,
    /// Its environment, with references to tables as their logical ids.
    pub environment: BTreeMap<String, String>,
}

/// A route of the API.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Route {
    /// `GET`, `POST`, …
    pub method: String,
    /// `/api/{user_id}/tasks`
    pub path: String,
}

/// The path of the route that takes what no other does.
pub const DEFAULT: &str = "$default";
/// The method of a route that takes every method.
pub const ANY: &str = "ANY";

impl Route {
    /// The route as API Gateway names it: `GET /api/{user_id}/tasks`, or `$default`.
    pub fn key(&self) -> String {
        if self.path == DEFAULT { DEFAULT.to_owned() } else { format!("{} {}", self.method, self.path) }
    }
}

/// A table.
#[derive(Debug, Clone)]
pub struct Table {
    /// `KeySchema`, in DynamoDB's JSON.
    pub key_schema: serde_json::Value,
    /// `AttributeDefinitions`, in DynamoDB's JSON.
    pub attribute_definitions: serde_json::Value,
    /// The attribute that says when an item expires.
    pub time_to_live: Option<String>,
    /// What its stream says of each change, `NEW_IMAGE` for one; `None` without a stream.
    pub stream_view_type: Option<String>,
}

/// The API's CORS configuration.
#[derive(Debug, Clone, Default)]
pub struct Cors {
    /// Origins that may call.
    pub allow_origins: Vec<String>,
    /// Methods they may use.
    pub allow_methods: Vec<String>,
    /// Headers they may send.
    pub allow_headers: Vec<String>,
    /// Headers they may read.
    pub expose_headers: Vec<String>,
    /// Whether they may send cookies.
    pub allow_credentials: bool,
    /// For how many seconds a preflight's answer counts.
    pub max_age: Option<u64>,
}

/// Why a template cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum TemplateError {
    /// It cannot be read.
    #[error("{path} cannot be read ({source}); run from the repository's root")]
    Unreadable {
        /// Where it was looked for.
        path: String,
        /// Why not.
        source: std::io::Error,
    },
    /// It is not YAML.
    #[error("the template is not valid YAML: {0}")]
    NotYaml(#[from] serde_yaml_ng::Error),
    /// It lacks something, or says it in a way that is not understood here.
    #[error("the template's {0} is missing or of a form that the local stack does not read")]
    NotUnderstood(String),
}

impl Template {
    /// Reads a template file.
    ///
    /// # Errors
    /// A sentence that says what to do.
    pub fn read(path: &Path) -> Result<Self, TemplateError> {
        Self::read_with(path, &[])
    }

    /// Reads a template file, with values for some of its parameters.
    ///
    /// # Errors
    /// As [`Template::read`].
    pub fn read_with(path: &Path, parameters: &[(&str, &str)]) -> Result<Self, TemplateError> {
        let text = fs::read_to_string(path)
            .map_err(|source| TemplateError::Unreadable { path: path.display().to_string(), source })?;
        Self::parse_with(&text, parameters)
    }

    /// Parses a template.
    ///
    /// # Errors
    /// As [`Template::read`].
    pub fn parse(text: &str) -> Result<Self, TemplateError> {
        Self::parse_with(text, &[])
    }

    fn parse_with(text: &str, parameters: &[(&str, &str)]) -> Result<Self, TemplateError> {
        let document: Value = serde_yaml_ng::from_str(text)?;
        let evaluator = Evaluator { given: parameters, ..Evaluator::of(&document) };
        let document = evaluator.evaluate(&document);
        let resources = mapping(&document, "Resources")?;
        let globals = document.get("Globals").and_then(|globals| globals.get("Function")).cloned().unwrap_or_default();

        let mut functions = BTreeMap::new();
        let mut tables = BTreeMap::new();
        let mut sources = BTreeMap::new();
        let mut cors = Cors::default();
        let mut site_headers = BTreeMap::new();
        for (id, resource) in resources {
            let id = id.as_str().unwrap_or_default().to_owned();
            let properties = resource.get("Properties").cloned().unwrap_or_default();
            match text_at(resource, "Type")? {
                "AWS::Serverless::Function" => {
                    functions.insert(id, Function::parse(resource, &properties, &globals)?);
                }
                "AWS::DynamoDB::Table" => {
                    tables.insert(id, Table::parse(&properties)?);
                }
                "AWS::Lambda::EventSourceMapping" => {
                    let stream = text_at(&properties, "EventSourceArn")?;
                    let table = stream.strip_suffix(".StreamArn").unwrap_or(stream);
                    sources.insert(text_at(&properties, "FunctionName")?.to_owned(), table.to_owned());
                }
                "AWS::Serverless::HttpApi" => {
                    cors = Cors::parse(properties.get("CorsConfiguration").unwrap_or(&Value::Null));
                }
                "AWS::CloudFront::ResponseHeadersPolicy" => site_headers = site_headers_of(&properties),
                _ => {}
            }
        }
        Ok(Self { functions, tables, sources, cors, site_headers })
    }

    /// The same template, whose tables have the names that the environment gives them: a variable of the functions that refers to a
    /// table may say another.
    #[must_use]
    pub fn with_tables_named_by(mut self, variable: impl Fn(&str) -> Option<String>) -> Self {
        let environment = self.functions.values().flat_map(|function| &function.environment);
        let names: BTreeMap<_, _> = environment.filter_map(|(name, id)| Some((id.clone(), variable(name)?))).collect();
        let named = |(id, table)| (names.get(&id).cloned().unwrap_or(id), table);
        self.tables = std::mem::take(&mut self.tables).into_iter().map(named).collect();
        self
    }

    /// Every route with the binary of its function.
    pub fn routes(&self) -> impl Iterator<Item = (&Route, &Function)> {
        self.functions.values().flat_map(|function| function.routes.iter().map(move |route| (route, function)))
    }
}

impl Function {
    fn parse(resource: &Value, properties: &Value, globals: &Value) -> Result<Self, TemplateError> {
        let build = resource.get("Metadata").and_then(|metadata| metadata.get("BuildProperties"));
        let binary = text_at(build.unwrap_or(&Value::Null), "Binary")?.to_owned();
        let property = |name: &str| properties.get(name).or_else(|| globals.get(name));
        let mut routes = Vec::new();
        for (_, event) in properties.get("Events").and_then(Value::as_mapping).into_iter().flatten() {
            let event = event.get("Properties").unwrap_or(&Value::Null);
            // An event without a path is what no other route takes.
            routes.push(match event.get("Path") {
                None => Route { method: ANY.to_owned(), path: DEFAULT.to_owned() },
                Some(_) => {
                    Route { method: text_at(event, "Method")?.to_uppercase(), path: text_at(event, "Path")?.to_owned() }
                }
            });
        }
        let mut environment = BTreeMap::new();
        for layer in [globals, properties] {
            let variables = layer.get("Environment").and_then(|environment| environment.get("Variables"));
            for (name, value) in variables.and_then(Value::as_mapping).into_iter().flatten() {
                if let (Some(name), Some(value)) = (name.as_str(), text_of(value)) {
                    environment.insert(name.to_owned(), value);
                }
            }
        }
        let mut grants = Vec::new();
        for policy in list(properties.get("Policies")) {
            for statement in list(policy.get("Statement")) {
                for action in list(statement.get("Action")) {
                    for resource in list(statement.get("Resource")) {
                        let action = text_of(action).unwrap_or_default();
                        let table = text_of(resource).unwrap_or_default();
                        grants.push((action, table.strip_suffix(".Arn").unwrap_or(&table).to_owned()));
                    }
                }
            }
        }
        grants.sort();
        Ok(Self {
            binary,
            timeout_seconds: property("Timeout").and_then(Value::as_u64).unwrap_or(3),
            memory_mb: property("MemorySize").and_then(Value::as_u64).and_then(|mb| mb.try_into().ok()).unwrap_or(128),
            routes,
            grants,
            environment,
        })
    }
}

impl Table {
    fn parse(properties: &Value) -> Result<Self, TemplateError> {
        let part = |name: &str| {
            let value = properties.get(name).ok_or_else(|| TemplateError::NotUnderstood(name.to_owned()))?;
            serde_json::to_value(value).map_err(|_| TemplateError::NotUnderstood(name.to_owned()))
        };
        let stream = properties.get("StreamSpecification").and_then(|stream| stream.get("StreamViewType"));
        let time_to_live = properties.get("TimeToLiveSpecification").and_then(|ttl| ttl.get("AttributeName"));
        Ok(Self {
            key_schema: part("KeySchema")?,
            attribute_definitions: part("AttributeDefinitions")?,
            time_to_live: time_to_live.and_then(Value::as_str).map(str::to_owned),
            stream_view_type: stream.and_then(Value::as_str).map(str::to_owned),
        })
    }
}

impl Table {
    /// The request that creates the table under a name.
    pub fn create_request(&self, name: &str) -> serde_json::Value {
        let mut request = serde_json::json!({
            "TableName": name,
            "KeySchema": self.key_schema,
            "AttributeDefinitions": self.attribute_definitions,
            "BillingMode": "PAY_PER_REQUEST",
        });
        if let (Some(view_type), Some(request)) = (&self.stream_view_type, request.as_object_mut()) {
            let stream = serde_json::json!({"StreamEnabled": true, "StreamViewType": view_type});
            request.insert("StreamSpecification".to_owned(), stream);
        }
        request
    }
}

impl Cors {
    fn parse(configuration: &Value) -> Self {
        let texts = |name: &str| list(configuration.get(name)).filter_map(text_of).collect();
        Self {
            allow_origins: texts("AllowOrigins"),
            allow_methods: texts("AllowMethods"),
            allow_headers: texts("AllowHeaders"),
            expose_headers: texts("ExposeHeaders"),
            allow_credentials: configuration.get("AllowCredentials").and_then(Value::as_bool).unwrap_or(false),
            max_age: configuration.get("MaxAge").and_then(Value::as_u64),
        }
    }
}

/// The headers that a policy of CloudFront adds, but `strict-transport-security`, which is for https alone.
fn site_headers_of(properties: &Value) -> BTreeMap<String, String> {
    let policy = properties.get("ResponseHeadersPolicyConfig").unwrap_or(&Value::Null);
    let security = |name: &str| policy.get("SecurityHeadersConfig").and_then(|security| security.get(name));
    let text = |value: Option<&Value>, name: &str| value.and_then(|value| value.get(name)).and_then(text_of);
    let named = [
        ("x-content-type-options", security("ContentTypeOptions").map(|_| "nosniff".to_owned())),
        ("x-frame-options", text(security("FrameOptions"), "FrameOption")),
        ("referrer-policy", text(security("ReferrerPolicy"), "ReferrerPolicy")),
    ];
    let custom = list(policy.get("CustomHeadersConfig").and_then(|custom| custom.get("Items")))
        .map(|item| (text(Some(item), "Header").unwrap_or_default().to_lowercase(), text(Some(item), "Value")));
    let headers = named.into_iter().map(|(name, value)| (name.to_owned(), value)).chain(custom);
    headers.filter_map(|(name, value)| Some((name, value?))).collect()
}

/// Replaces the intrinsic functions that the template uses by what they give with default parameters and no deployment: a
/// reference to a resource is its logical id, and one to `AWS::NoValue` takes its property away.
struct Evaluator<'a> {
    /// Values of parameters that are not their defaults.
    given: &'a [(&'a str, &'a str)],
    parameters: &'a Value,
    conditions: &'a Value,
}

impl<'a> Evaluator<'a> {
    fn of(document: &'a Value) -> Self {
        Self {
            given: &[],
            parameters: document.get("Parameters").unwrap_or(&Value::Null),
            conditions: document.get("Conditions").unwrap_or(&Value::Null),
        }
    }

    fn evaluate(&self, value: &Value) -> Value {
        match value {
            Value::Tagged(tagged) => self.call(tagged),
            Value::Sequence(items) => {
                Value::Sequence(items.iter().map(|item| self.evaluate(item)).filter(is_value).collect())
            }
            Value::Mapping(entries) => {
                let evaluated = entries.iter().map(|(key, value)| (key.clone(), self.evaluate(value)));
                Value::Mapping(evaluated.filter(|(_, value)| is_value(value)).collect::<Mapping>())
            }
            other => other.clone(),
        }
    }

    fn call(&self, tagged: &TaggedValue) -> Value {
        let argument = &tagged.value;
        let arguments: Vec<&Value> = argument.as_sequence().map(|items| items.iter().collect()).unwrap_or_default();
        match (tagged.tag.to_string().as_str(), arguments.as_slice()) {
            ("!Ref", _) => self.reference(argument.as_str().unwrap_or_default()),
            ("!If", [condition, then, otherwise]) => {
                let holds = condition.as_str().is_some_and(|name| self.condition(name));
                self.evaluate(if holds { then } else { otherwise })
            }
            ("!Join", [separator, items]) => {
                let items = self.evaluate(items);
                let texts: Vec<String> = list(Some(&items)).filter_map(text_of).collect();
                Value::String(texts.join(separator.as_str().unwrap_or_default()))
            }
            ("!Split", [separator, text]) => {
                let text = text_of(&self.evaluate(text)).unwrap_or_default();
                let parts = text.split(separator.as_str().unwrap_or_default());
                Value::Sequence(parts.map(|part| Value::String(part.to_owned())).collect())
            }
            ("!Sub", []) => Value::String(self.substitute(argument.as_str().unwrap_or_default())),
            // What is left, such as `!GetAtt Tasks.Arn`, is only ever compared or ignored: its text will do.
            _ => self.evaluate(argument),
        }
    }

    fn reference(&self, name: &str) -> Value {
        if name == "AWS::NoValue" {
            return Value::Null;
        }
        let Some(parameter) = self.parameters.get(name) else {
            return Value::String(name.to_owned());
        };
        let given = self.given.iter().find(|(given, _)| *given == name);
        let value = given.map_or_else(
            || parameter.get("Default").cloned().unwrap_or_default(),
            |(_, value)| Value::String((*value).to_owned()),
        );
        match parameter.get("Type").and_then(Value::as_str) {
            Some("CommaDelimitedList") => {
                let text = text_of(&value).unwrap_or_default();
                Value::Sequence(text.split(',').map(|part| Value::String(part.trim().to_owned())).collect())
            }
            _ => value,
        }
    }

    /// A text with the values of parameters in the places that name them; other names stay.
    fn substitute(&self, text: &str) -> String {
        let names = self.parameters.as_mapping().into_iter().flatten().filter_map(|(name, _)| name.as_str());
        names.fold(text.to_owned(), |text, name| {
            let value = text_of(&self.reference(name)).unwrap_or_default();
            text.replace(&format!("${{{name}}}"), &value)
        })
    }

    fn condition(&self, name: &str) -> bool {
        self.conditions.get(name).is_some_and(|expression| self.holds(expression))
    }

    fn holds(&self, expression: &Value) -> bool {
        let Value::Tagged(tagged) = expression else {
            return false;
        };
        let arguments: Vec<&Value> = tagged.value.as_sequence().map(|items| items.iter().collect()).unwrap_or_default();
        match (tagged.tag.to_string().as_str(), arguments.as_slice()) {
            ("!Not", [inner]) => !self.holds(inner),
            ("!And", parts) => parts.iter().all(|part| self.holds(part)),
            ("!Equals", [left, right]) => text_of(&self.evaluate(left)) == text_of(&self.evaluate(right)),
            ("!Condition", _) => tagged.value.as_str().is_some_and(|name| self.condition(name)),
            _ => false,
        }
    }
}

fn is_value(value: &Value) -> bool {
    !value.is_null()
}

fn mapping<'a>(value: &'a Value, name: &str) -> Result<&'a Mapping, TemplateError> {
    value.get(name).and_then(Value::as_mapping).ok_or_else(|| TemplateError::NotUnderstood(name.to_owned()))
}

fn text_at<'a>(value: &'a Value, name: &str) -> Result<&'a str, TemplateError> {
    value.get(name).and_then(Value::as_str).ok_or_else(|| TemplateError::NotUnderstood(name.to_owned()))
}

fn text_of(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(flag) => Some(flag.to_string()),
        _ => None,
    }
}

/// The items of a list; a single value is a list of one.
fn list(value: Option<&Value>) -> impl Iterator<Item = &Value> {
    match value {
        None | Some(Value::Null) => [].iter(),
        Some(Value::Sequence(items)) => items.iter(),
        Some(single) => std::slice::from_ref(single).iter(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SMALL: &str = r"
Parameters:
  Origins: { Type: CommaDelimitedList, Default: 'https://a.example,https://b.example' }
  Empty: { Type: String, Default: '' }
  More: { Type: String, Default: 'c' }
Conditions:
  HasEmpty: !Not [!Equals [!Ref Empty, '']]
  HasBoth: !And [!Condition HasEmpty, !Not [!Condition HasEmpty]]
  HasNeither: !And [!Not [!Condition HasEmpty], !Not [!Condition HasBoth]]
Globals:
  Function:
    Timeout: 7
    MemorySize: 256
    Environment:
      Variables:
        TABLE: !Ref Things
        ORIGINS: !Join [',', !Ref Origins]
        ABSENT: !If [HasEmpty, !Ref Empty, !Ref AWS::NoValue]
        BOTH: !If [HasBoth, 'yes', 'no']
        NEITHER: !If [HasNeither, 'yes', 'no']
Resources:
  Api:
    Type: AWS::Serverless::HttpApi
    Properties:
      CorsConfiguration:
        AllowOrigins: !Ref Origins
        AllowHeaders: !Split [',', !Sub 'a,b,${More}']
        AllowCredentials: true
        MaxAge: 60
  Get:
    Type: AWS::Serverless::Function
    Metadata: { BuildProperties: { Binary: things-get } }
    Properties:
      Policies:
        - Statement:
            - { Effect: Allow, Action: [dynamodb:GetItem, dynamodb:Query], Resource: !GetAtt Things.Arn }
      Events:
        Http: { Type: HttpApi, Properties: { Method: get, Path: '/things/{id}' } }
  Things:
    Type: AWS::DynamoDB::Table
    Properties:
      KeySchema: [{ AttributeName: id, KeyType: HASH }]
      AttributeDefinitions: [{ AttributeName: id, AttributeType: S }]
      TimeToLiveSpecification: { AttributeName: expires_at, Enabled: true }
      StreamSpecification: { StreamViewType: NEW_IMAGE }
  Watch:
    Type: AWS::Serverless::Function
    Metadata: { BuildProperties: { Binary: things-watch } }
    Properties: {}
  WatchSource:
    Type: AWS::Lambda::EventSourceMapping
    Properties: { FunctionName: !Ref Watch, EventSourceArn: !GetAtt Things.StreamArn }
";

    #[test]
    fn reads_what_a_template_says() {
        let template = Template::parse(SMALL).unwrap();
        let function = &template.functions["Get"];
        assert_eq!((function.binary.as_str(), function.timeout_seconds), ("things-get", 7));
        assert_eq!(function.memory_mb, 256);
        assert_eq!(function.routes, [Route { method: "GET".to_owned(), path: "/things/{id}".to_owned() }]);
        let grant = |action: &str| (action.to_owned(), "Things".to_owned());
        assert_eq!(function.grants, [grant("dynamodb:GetItem"), grant("dynamodb:Query")]);
        assert_eq!(function.environment["TABLE"], "Things");
        assert_eq!(function.environment["ORIGINS"], "https://a.example,https://b.example");
        assert!(!function.environment.contains_key("ABSENT"));
        assert_eq!((function.environment["BOTH"].as_str(), function.environment["NEITHER"].as_str()), ("no", "yes"));
        assert_eq!(template.cors.allow_origins, ["https://a.example", "https://b.example"]);
        assert_eq!(template.cors.allow_headers, ["a", "b", "c"]);
        assert_eq!(template.cors.max_age, Some(60));
        assert_eq!(template.tables["Things"].time_to_live.as_deref(), Some("expires_at"));
        assert_eq!(template.tables["Things"].key_schema[0]["AttributeName"], "id");
        let request = template.tables["Things"].create_request("Things");
        assert_eq!(request["StreamSpecification"]["StreamViewType"], "NEW_IMAGE");
        assert_eq!(template.sources["Watch"], "Things");
        assert!(template.functions["Watch"].routes.is_empty());
    }

    #[test]
    fn parameters_have_the_values_that_they_are_given() {
        let given = [("More", "d,e"), ("Origins", "https://c.example"), ("Empty", "full")];
        let template = Template::parse_with(SMALL, &given).unwrap();
        assert_eq!(template.cors.allow_headers, ["a", "b", "d", "e"]);
        assert_eq!(template.cors.allow_origins, ["https://c.example"]);
        assert_eq!(template.functions["Get"].environment["ABSENT"], "full");
    }

    #[test]
    fn tables_have_the_names_that_the_environment_gives_them() {
        let named = |variable: Option<&str>| {
            let template = Template::parse(SMALL).unwrap();
            let template =
                template.with_tables_named_by(|name| variable.filter(|_| name == "TABLE").map(str::to_owned));
            template.tables.into_keys().collect::<Vec<_>>()
        };
        assert_eq!(named(Some("things-of-ann")), ["things-of-ann"]);
        assert_eq!(named(None), ["Things"]);
    }

    #[test]
    fn says_what_is_wrong() {
        assert!(matches!(Template::parse("a: ["), Err(TemplateError::NotYaml(_))));
        let error = Template::parse("Resources: { F: { Type: AWS::Serverless::Function } }").unwrap_err();
        assert!(error.to_string().contains("Binary"), "{error}");
        let error = Template::read(Path::new("absent.yaml")).unwrap_err();
        assert!(error.to_string().contains("run from the repository's root"), "{error}");
    }
}
