//! What requests cost, from published prices.

use std::{collections::BTreeMap, fs};

use infra::stack::template_path;
use serde::{Deserialize, Serialize};
use serde_yaml_ng::Value;

use crate::{Result, measure::Measured, programs::repository};

/// The memory, in MB, that comes with a whole processor.
const WHOLE_PROCESSOR_MB: f64 = 1769.0;

/// `prices.toml`.
#[derive(Debug, Deserialize)]
pub(crate) struct Prices {
    pub(crate) date: String,
    /// The one that is deployed to comes first.
    pub(crate) regions: Vec<Region>,
    log: Log,
    fixed: Fixed,
    active_user: ActiveUser,
}

/// The prices of a Region.
#[derive(Debug, Deserialize)]
pub(crate) struct Region {
    pub(crate) name: String,
    lambda_gb_second: f64,
    lambda_million_requests: f64,
    api_gateway_million_requests: f64,
    dynamodb_million_read_units: f64,
    dynamodb_million_write_units: f64,
    dynamodb_gb_month: f64,
    dynamodb_backup_gb_month: f64,
    logs_gb: f64,
    logs_gb_month: f64,
}

#[derive(Debug, Deserialize)]
struct Log {
    event_bytes: f64,
    access_bytes: f64,
    kept_part: f64,
}

#[derive(Debug, Deserialize)]
struct Fixed {
    secret: f64,
    alarm_metric: f64,
    custom_metric: f64,
}

#[derive(Debug, Deserialize)]
struct ActiveUser {
    days: f64,
    stored_kb: f64,
    requests_a_day: BTreeMap<String, f64>,
}

/// What a million requests cost, in dollars.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Cost {
    /// Milliseconds that Lambda bills for one.
    pub(crate) billed_ms: f64,
    pub(crate) gb_seconds: f64,
    pub(crate) lambda: f64,
    pub(crate) dynamodb: f64,
    pub(crate) api_gateway: f64,
    pub(crate) logs: f64,
}

impl Cost {
    pub(crate) fn total(&self) -> f64 {
        self.lambda + self.dynamodb + self.api_gateway + self.logs
    }
}

/// What users cost in a month, in dollars.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Bill {
    pub(crate) users: u32,
    pub(crate) requests: f64,
    pub(crate) lambda: f64,
    pub(crate) dynamodb: f64,
    pub(crate) storage: f64,
    pub(crate) api_gateway: f64,
    pub(crate) logs: f64,
    pub(crate) fixed: f64,
}

impl Bill {
    pub(crate) fn total(&self) -> f64 {
        self.lambda + self.dynamodb + self.storage + self.api_gateway + self.logs + self.fixed
    }
}

impl Prices {
    /// Reads `prices.toml`.
    pub(crate) fn read() -> Result<Self> {
        Ok(toml::from_str(&fs::read_to_string(repository().join("infra/benchmark/prices.toml"))?)?)
    }

    /// The Region that is deployed to.
    pub(crate) fn default_region(&self) -> Result<&Region> {
        Ok(self.regions.first().ok_or("prices.toml has no Region")?)
    }

    /// What a million requests to a function cost in a Region. With less than a whole processor the work takes longer in proportion,
    /// and waiting for DynamoDB does not.
    pub(crate) fn of(&self, region: &Region, function: &Measured) -> Cost {
        let memory = f64::from(function.memory_mb);
        let at = function.at_latency.values().next_back();
        let (answer, processor) = at.map(|at| (at.answer.p50, at.processor)).unwrap_or_default();
        let billed_ms = (answer + processor * (WHOLE_PROCESSOR_MB / memory - 1.0).max(0.0)).ceil();
        let gb_seconds = 1e6 * billed_ms / 1e3 * memory / 1024.0;
        // The function's line and the gateway's.
        let line = f64::from(u32::try_from(function.logged).unwrap_or(u32::MAX));
        let logged_gb = (line + self.log.access_bytes + 2.0 * self.log.event_bytes) / 1e3;
        Cost {
            billed_ms,
            gb_seconds,
            lambda: gb_seconds * region.lambda_gb_second + region.lambda_million_requests,
            dynamodb: function.read_units * region.dynamodb_million_read_units
                + function.write_units * region.dynamodb_million_write_units,
            api_gateway: region.api_gateway_million_requests,
            logs: logged_gb * (region.logs_gb + self.log.kept_part * region.logs_gb_month),
        }
    }

    /// What that many active users cost in a month in a Region.
    pub(crate) fn bill(&self, region: &Region, users: u32, functions: &[Measured]) -> Result<Bill> {
        let (alarm_metrics, custom_metrics) = metrics()?;
        let stored_gb = f64::from(users) * self.active_user.stored_kb / 1e6;
        let mut bill = Bill {
            users,
            requests: 0.0,
            lambda: 0.0,
            dynamodb: 0.0,
            storage: stored_gb * (region.dynamodb_gb_month + region.dynamodb_backup_gb_month),
            api_gateway: 0.0,
            logs: 0.0,
            fixed: self.fixed.secret
                + f64::from(alarm_metrics) * self.fixed.alarm_metric
                + f64::from(custom_metrics) * self.fixed.custom_metric,
        };
        for function in functions {
            let a_day = self.active_user.requests_a_day.get(&function.name).copied().unwrap_or_default();
            let requests = a_day * self.active_user.days * f64::from(users);
            let (cost, millions) = (self.of(region, function), requests / 1e6);
            bill.requests += requests;
            bill.lambda += millions * cost.lambda;
            bill.dynamodb += millions * cost.dynamodb;
            bill.api_gateway += millions * cost.api_gateway;
            bill.logs += millions * cost.logs;
        }
        Ok(bill)
    }
}

/// How many metrics the template's alarms look at, and how many it makes of log lines. An alarm on an expression is charged for each
/// metric in it.
fn metrics() -> Result<(u32, u32)> {
    let template: Value = serde_yaml_ng::from_str(&fs::read_to_string(template_path())?)?;
    let resources = template.get("Resources").and_then(Value::as_mapping).ok_or("the template has no resources")?;
    let (mut of_alarms, mut of_filters) = (0, 0);
    for resource in resources.values() {
        let sequence = |name: &str| resource.get("Properties")?.get(name)?.as_sequence();
        match resource.get("Type").and_then(Value::as_str) {
            Some("AWS::CloudWatch::Alarm") => {
                let of_expression =
                    sequence("Metrics").map(|all| all.iter().filter(|one| one.get("MetricStat").is_some()));
                of_alarms += of_expression.map_or(1, Iterator::count);
            }
            Some("AWS::Logs::MetricFilter") => of_filters += sequence("MetricTransformations").map_or(0, Vec::len),
            _ => {}
        }
    }
    Ok((u32::try_from(of_alarms)?, u32::try_from(of_filters)?))
}
