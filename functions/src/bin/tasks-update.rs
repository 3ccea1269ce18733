//! The Lambda function `tasks-update`.

fn main() -> std::process::ExitCode {
    functions::run(functions::tasks::update::ENDPOINT)
}
