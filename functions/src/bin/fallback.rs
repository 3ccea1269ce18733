//! The Lambda function `fallback`.

fn main() -> std::process::ExitCode {
    functions::run(functions::fallback::ENDPOINT)
}
