//! `Limits`: how many requests there were of whom. Partition key `limit_key`; a row counts for the time of its rule.

use aws_sdk_dynamodb::{operation::update_item::UpdateItemError, types::ReturnValuesOnConditionCheckFailure};
use serde::Deserialize;

use super::Store;
use crate::{
    Error,
    domain::Timestamp,
    dynamodb::{Item, from_item, is_condition_failure, number, store_error, string},
    limits::{Rule, Step, Tally, Window},
};

/// How often a count is tried again that others are counting on too. What is left after that was refused by all who were faster.
const ATTEMPTS: u32 = 4;

#[derive(Deserialize)]
struct Row {
    allowed: u32,
    counted_from: Timestamp,
}

impl Store {
    /// Counts a request under a key, if the rule allows it: one write, conditional, where it is the first in the time of the rule,
    /// and two where it is not. `Some`: it is refused, and another may be allowed after so many seconds.
    ///
    /// Of requests that come at the same time, exactly as many are allowed as the rule says. This waits for no gate: it is what
    /// opens one.
    ///
    /// # Errors
    /// [`Error::Unavailable`], also after a quarter of the time that a call may take, because others wait for this one, or
    /// [`Error::Internal`].
    pub async fn count_request(&self, key: &str, rule: &Rule, now: Timestamp) -> Result<Option<u64>, Error> {
        let time = self.dynamodb.call_time() / 4;
        let counted = tokio::time::timeout(time, self.count_request_patiently(key, rule, now)).await;
        counted.unwrap_or_else(|_| Err(Error::unavailable("the table of limits did not answer in time")))
    }

    /// Takes back what was counted under a key at `counted_at`, unless another count has begun since.
    ///
    /// # Errors
    /// [`Error::Unavailable`] or [`Error::Internal`].
    pub async fn uncount_request(&self, key: &str, counted_at: Timestamp) -> Result<(), Error> {
        let result = self
            .client()
            .update_item()
            .table_name(&self.tables.limits)
            .set_key(Some(limit_key(key)))
            .update_expression("ADD allowed :minus_one")
            .condition_expression("counted_from <= :counted_at AND allowed > :zero")
            .expression_attribute_values(":minus_one", number(-1))
            .expression_attribute_values(":zero", number(0))
            .expression_attribute_values(":counted_at", number(counted_at.millis()))
            .send()
            .await;
        match result {
            Ok(_) => Ok(()),
            Err(error) if is_condition_failure(&error) => Ok(()),
            Err(error) => Err(store_error(error)),
        }
    }

    async fn count_request_patiently(&self, key: &str, rule: &Rule, now: Timestamp) -> Result<Option<u64>, Error> {
        // Most often nobody was there for a while. Where that is wrong, the write that is refused says what was counted.
        let mut step = Step::Begin;
        for _ in 0..ATTEMPTS {
            if let Step::Refuse(seconds) = step {
                return Ok(Some(seconds));
            }
            match self.try_step(key, rule, step, now).await? {
                Ok(()) => return Ok(None),
                Err(tally) => step = rule.step(tally.as_ref(), now),
            }
        }
        Ok(Some(1))
    }

    /// Takes a step if what was counted allows it, or says what that is.
    async fn try_step(
        &self,
        key: &str,
        rule: &Rule,
        step: Step,
        now: Timestamp,
    ) -> Result<Result<(), Option<Tally>>, Error> {
        let begun = (":begun", now.plus_seconds(-rule.window_seconds).millis());
        let expires_at = now.plus_seconds(rule.window_seconds).seconds().saturating_add(1);
        let moved = [(":now", now.millis()), (":expires_at", expires_at)];
        let (one, max) = ((":one", 1), (":max", i64::from(rule.max)));
        let is_counted_on = "counted_from > :begun AND allowed < :max";
        let (change, condition, values) = match (step, rule.window) {
            (Step::Begin, _) => (
                "SET allowed = :one, counted_from = :now, expires_at = :expires_at",
                "attribute_not_exists(limit_key) OR counted_from <= :begun",
                [moved.as_slice(), &[one, begun]].concat(),
            ),
            (_, Window::SinceLast) => (
                "SET counted_from = :now, expires_at = :expires_at ADD allowed :one",
                is_counted_on,
                [moved.as_slice(), &[one, begun, max]].concat(),
            ),
            (_, Window::SinceFirst) => ("ADD allowed :one", is_counted_on, vec![one, begun, max]),
        };
        let mut update = self
            .client()
            .update_item()
            .table_name(&self.tables.limits)
            .set_key(Some(limit_key(key)))
            .update_expression(change)
            .condition_expression(condition)
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld);
        for (name, value) in values {
            update = update.expression_attribute_values(name, number(value));
        }
        match update.send().await {
            Ok(_) => Ok(Ok(())),
            Err(error) => match error.as_service_error() {
                Some(UpdateItemError::ConditionalCheckFailedException(failure)) => {
                    let row: Option<Row> = failure.item().cloned().map(from_item).transpose()?;
                    Ok(Err(row.map(|Row { allowed, counted_from }| Tally { allowed, counted_from })))
                }
                _ => Err(store_error(error)),
            },
        }
    }
}

fn limit_key(key: &str) -> Item {
    Item::from([("limit_key".to_owned(), string(key))])
}
