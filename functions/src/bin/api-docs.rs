//! The Lambda function `api-docs`.

fn main() -> std::process::ExitCode {
    functions::run(functions::api::docs::ENDPOINT)
}
