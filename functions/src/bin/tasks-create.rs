//! The Lambda function `tasks-create`.

fn main() -> std::process::ExitCode {
    functions::run(functions::tasks::create::ENDPOINT)
}
