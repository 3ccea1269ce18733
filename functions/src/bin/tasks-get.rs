//! The Lambda function `tasks-get`.

fn main() -> std::process::ExitCode {
    functions::run(functions::tasks::get::ENDPOINT)
}
