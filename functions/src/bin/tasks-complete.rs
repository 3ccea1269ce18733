//! The Lambda function `tasks-complete`.

fn main() -> std::process::ExitCode {
    functions::run(functions::tasks::complete::ENDPOINT)
}
