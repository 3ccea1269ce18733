//! The Lambda function `tasks-delete`.

fn main() -> std::process::ExitCode {
    functions::run(functions::tasks::delete::ENDPOINT)
}
