//! The Lambda function `api-openapi`.

fn main() -> std::process::ExitCode {
    functions::run(functions::api::openapi::ENDPOINT)
}
