//! Hashes a password as `auth-login` does, again and again, and prints how many milliseconds each hash took.

use std::time::Instant;

use shared::{Error, domain::Password, identity::password_hash::PasswordHasher, random::Random};

const HASHES: usize = 40;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    let hasher = PasswordHasher::new(Random::secure())?;
    let password = Password::new("correct horse battery staple");
    for _ in 0..HASHES {
        let begun = Instant::now();
        hasher.hash(&password).await?;
        println!("{}", begun.elapsed().as_secs_f64() * 1e3);
    }
    Ok(())
}
