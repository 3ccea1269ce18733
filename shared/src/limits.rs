//! Limits: how many requests of whom a route takes, and what becomes of one. Nothing here asks a store.
//!
//! The rules of clients are those of Better Auth. What that server lacks is counted too: how often a password is tried for one
//! account, whoever tries, and how many mails go to one address.

use std::net::{IpAddr, Ipv6Addr};

use crate::domain::Timestamp;

/// What an endpoint says of its limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limit {
    /// The name that requests are counted under: routes that do the same in both dialects have the same.
    pub counted_as: &'static str,
    /// How many requests it takes, and of whom.
    pub rule: Rule,
    /// Whose requests these are.
    pub by: By,
    /// What else is counted.
    pub also: Also,
}

/// Whose requests count together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum By {
    /// Those of a client's address, whoever is signed in there: it takes nobody to be.
    Client,
    /// Those of a session, which its address cannot be in the way of. Who has none is told so without asking the store, which is
    /// not counted.
    Session,
    /// Those of a device on which the account that is signed in to was signed in to before; of any other, those of the address.
    Device,
}

/// What is counted beside the requests of a client.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Also {
    /// Nothing.
    Nothing,
    /// How often a password is tried: in a session, or for the account that the field `email` names. A device that the account
    /// knows counts by itself.
    Guesses,
    /// Mails to the address in this field of the body.
    Mails(&'static str),
}

/// How many requests there may be within which time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rule {
    /// The most requests.
    pub max: u32,
    /// The time, in seconds.
    pub window_seconds: i64,
    /// When it begins.
    pub window: Window,
}

/// When the time begins within which requests are counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Window {
    /// With each request that is allowed: the count begins again once there was none for the whole time. So does Better Auth.
    SinceLast,
    /// With the first request: whoever comes regularly, and seldom, is never refused.
    SinceFirst,
}

/// What was counted so far.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tally {
    /// How many requests were allowed.
    pub allowed: u32,
    /// The moment that the time of the rule began.
    pub counted_from: Timestamp,
}

/// What becomes of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// It is allowed, as the first of a new count.
    Begin,
    /// It is allowed, as one more.
    Count,
    /// It is refused; the next may be allowed after so many seconds, at least one.
    Refuse(u64),
}

/// The time for which tries at passwords and mails are counted: an hour, in seconds.
const HOUR: i64 = 60 * 60;

impl Rule {
    /// Sign-ins, sign-ups and changes: 3 in 10 seconds.
    pub const STRICT: Self = Self::of_client(3, 10);
    /// What sends mails: 3 in a minute.
    pub const MAILING: Self = Self::of_client(3, 60);
    /// Everything else: 100 in 10 seconds.
    pub const GENERAL: Self = Self::of_client(100, 10);
    /// Mails to one address, whoever asks: 10 in an hour.
    pub const MAILS: Self = Self { max: 10, window_seconds: HOUR, window: Window::SinceFirst };

    const fn of_client(max: u32, window_seconds: i64) -> Self {
        Self { max, window_seconds, window: Window::SinceLast }
    }

    /// Tries at one password: so many in an hour.
    pub const fn guesses(max: u32) -> Self {
        Self { max, window_seconds: HOUR, window: Window::SinceFirst }
    }

    /// What becomes of a request that comes `now`, after what was counted so far.
    pub fn step(&self, tally: Option<&Tally>, now: Timestamp) -> Step {
        let Some(tally) = tally else { return Step::Begin };
        let end = tally.counted_from.plus_seconds(self.window_seconds);
        let left = end.millis().saturating_sub(now.millis());
        if left <= 0 {
            Step::Begin
        } else if tally.allowed < self.max {
            Step::Count
        } else {
            Step::Refuse(u64::try_from(left).unwrap_or_default().div_ceil(1000))
        }
    }
}

impl Limit {
    /// Signing in.
    pub const SIGN_IN: Self = Self { counted_as: "sign-in", rule: Rule::STRICT, by: By::Device, also: Also::Guesses };
    /// Making an account, which may send a mail.
    pub const SIGN_UP: Self =
        Self { counted_as: "sign-up", rule: Rule::STRICT, by: By::Client, also: Also::Mails("email") };
    /// Asking for a mail that sets a new password.
    pub const REQUEST_PASSWORD_RESET: Self =
        Self { counted_as: "request-password-reset", rule: Rule::MAILING, by: By::Client, also: Also::Mails("email") };
    /// Asking for a mail that proves an address.
    pub const SEND_VERIFICATION_EMAIL: Self =
        Self { counted_as: "send-verification-email", rule: Rule::MAILING, by: By::Client, also: Also::Mails("email") };
    /// Setting a new password with what came in a mail.
    pub const RESET_PASSWORD: Self =
        Self { counted_as: "reset-password", rule: Rule::STRICT, by: By::Client, also: Also::Nothing };
    /// Asking for another address, which gets a mail.
    pub const CHANGE_EMAIL: Self =
        Self { counted_as: "change-email", rule: Rule::STRICT, by: By::Session, also: Also::Mails("newEmail") };

    /// What takes the password of somebody who is signed in.
    pub const fn password(counted_as: &'static str) -> Self {
        Self { counted_as, rule: Rule::STRICT, by: By::Session, also: Also::Guesses }
    }

    /// What else is for who is signed in.
    pub const fn signed_in(counted_as: &'static str) -> Self {
        Self { counted_as, rule: Rule::GENERAL, by: By::Session, also: Also::Nothing }
    }

    /// Following a link in a mail.
    pub const fn link(counted_as: &'static str) -> Self {
        Self { counted_as, rule: Rule::GENERAL, by: By::Client, also: Also::Nothing }
    }
}

/// Whose address it is that a request comes from, as far as addresses tell: an IPv4 address, or the /64 network of an IPv6 one,
/// of which a single subscriber has all. An IPv4 address in the form of an IPv6 one is what it is.
///
/// What is no address is one client.
pub fn client(source_ip: &str) -> String {
    let Ok(address) = source_ip.trim().parse::<IpAddr>() else { return "unknown".to_owned() };
    match address.to_canonical() {
        IpAddr::V4(address) => address.to_string(),
        IpAddr::V6(address) => {
            let [a, b, c, d, ..] = address.segments();
            format!("{}/64", Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0))
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const START: Timestamp = Timestamp::from_seconds(1_800_000_000);

    fn after(millis: i64) -> Timestamp {
        Timestamp::from_millis(START.millis() + millis)
    }

    /// What a store does with a step.
    fn take(rule: &Rule, tally: &mut Option<Tally>, now: Timestamp) -> Step {
        let step = rule.step(tally.as_ref(), now);
        match (step, tally.as_mut()) {
            (Step::Begin, _) => *tally = Some(Tally { allowed: 1, counted_from: now }),
            (Step::Count, Some(tally)) => {
                tally.allowed += 1;
                if rule.window == Window::SinceLast {
                    tally.counted_from = now;
                }
            }
            _ => {}
        }
        step
    }

    #[test]
    fn the_window_ends_to_the_millisecond() {
        let full = Tally { allowed: 3, counted_from: START };
        let step = |millis| Rule::STRICT.step(Some(&full), after(millis));
        assert_eq!(step(0), Step::Refuse(10));
        assert_eq!(step(1), Step::Refuse(10));
        assert_eq!(step(9_000), Step::Refuse(1));
        assert_eq!(step(9_999), Step::Refuse(1));
        assert_eq!(step(10_000), Step::Begin);
    }

    #[test]
    fn the_originals_window_moves_with_each_request_that_is_allowed_and_with_none_that_is_refused() {
        let mut tally = None;
        let mut step = |millis| take(&Rule::STRICT, &mut tally, after(millis));
        assert_eq!([step(0), step(5_000), step(10_000)], [Step::Begin, Step::Count, Step::Count]);
        // The third was allowed after 10 s, so it is refused until 20 s, however often it is tried.
        assert_eq!([step(15_000), step(19_999), step(20_000)], [Step::Refuse(5), Step::Refuse(1), Step::Begin]);
    }

    #[test]
    fn who_comes_seldom_is_never_refused_by_a_window_that_begins_with_the_first() {
        let (mut tally, rule) = (None, Rule::guesses(20));
        for minute in 0..10_000 {
            let step = take(&rule, &mut tally, START.plus_seconds(minute * 4 * 60));
            assert!(!matches!(step, Step::Refuse(_)), "in minute {}", minute * 4);
        }
    }

    #[test]
    fn tries_and_mails_are_counted_for_an_hour() {
        for rule in [Rule::MAILS, Rule::guesses(10)] {
            assert_eq!(rule.max, 10);
            let full = Tally { allowed: 10, counted_from: START };
            assert_eq!(rule.step(Some(&full), START), Step::Refuse(3_600));
            assert_eq!(rule.step(Some(&full), START.plus_seconds(3_600)), Step::Begin);
        }
    }

    #[test]
    fn a_client_is_an_ipv4_address_or_a_network_of_64_bits() {
        for (source_ip, expected) in [
            ("203.0.113.7", "203.0.113.7"),
            ("::ffff:203.0.113.7", "203.0.113.7"),
            ("::ffff:cb00:7107", "203.0.113.7"),
            ("2001:db8:1:2::", "2001:db8:1:2::/64"),
            ("2001:0DB8:1:2:ffff:ffff:ffff:ffff", "2001:db8:1:2::/64"),
            ("2001:db8:1:3::", "2001:db8:1:3::/64"),
            ("", "unknown"),
            ("203.0.113.7, 10.0.0.1", "unknown"),
            ("a host", "unknown"),
        ] {
            assert_eq!(client(source_ip), expected, "{source_ip}");
        }
    }

    proptest! {
        /// As the original decides: `decideConsume` in words.
        #[test]
        fn decides_as_the_original_does(allowed in 1..5_u32, passed in -1_000..12_000_i64) {
            let step = Rule::STRICT.step(Some(&Tally { allowed, counted_from: START }), after(passed));
            if passed >= 10_000 {
                prop_assert_eq!(step, Step::Begin);
            } else if allowed >= 3 {
                let Step::Refuse(seconds) = step else { return Err(TestCaseError::fail("it is allowed")) };
                let left = 10_000 - passed;
                prop_assert!(i64::try_from(seconds).unwrap() * 1000 >= left && seconds >= 1);
                prop_assert!(i64::try_from(seconds).unwrap() * 1000 < left + 1000);
            } else {
                prop_assert_eq!(step, Step::Count);
            }
        }

        /// Whenever they come, no more than the most are allowed in the time of the rule.
        #[test]
        fn never_allows_more_than_the_most_within_its_time(gaps in prop::collection::vec(0..8_000_i64, 1..40)) {
            let (mut tally, mut now, mut allowed) = (None, 0, Vec::new());
            for gap in gaps {
                now += gap;
                if !matches!(take(&Rule::STRICT, &mut tally, after(now)), Step::Refuse(_)) {
                    allowed.push(now);
                }
            }
            for four in allowed.windows(4) {
                prop_assert!(four[3] - four[0] >= 10_000, "{four:?}");
            }
        }

        #[test]
        fn no_address_panics(source_ip in "\\PC{0,60}|[0-9a-f:.]{0,45}") {
            client(&source_ip);
        }
    }
}
