//! The Lambda function `tasks-list`.

fn main() -> std::process::ExitCode {
    functions::run(functions::tasks::list::ENDPOINT)
}
