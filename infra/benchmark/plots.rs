//! The results as pictures.

use std::{fs, path::Path};

use plotters::prelude::*;

use crate::{
    Result, Results,
    beside::{Job, OURS, Run},
    budgets::megabytes,
    growth::Line,
};

const FONT: (&str, u32) = ("sans-serif", 14);
const COLOURS: [RGBColor; 4] =
    [RGBColor(31, 119, 180), RGBColor(214, 107, 0), RGBColor(44, 140, 44), RGBColor(148, 103, 189)];

/// Draws everything into a directory.
pub(crate) fn draw(results: &Results, directory: &Path) -> Result<()> {
    fs::create_dir_all(directory)?;
    starts(results, &directory.join("start.svg"))?;
    if !results.beside.is_empty() {
        beside(&results.beside, &directory.join("beside.svg"))?;
    }
    if let Some(growth) = &results.growth {
        growing("Milliseconds by tasks of the user", &growth.by_tasks, true, &directory.join("tasks.svg"))?;
        growing("Milliseconds by users", &growth.by_users, true, &directory.join("users.svg"))?;
        let title = "Milliseconds by characters of each description";
        growing(title, &growth.by_description, false, &directory.join("descriptions.svg"))?;
    }
    Ok(())
}

/// How long each program takes to its first question for an event.
fn starts(results: &Results, path: &Path) -> Result<()> {
    let mut bars: Vec<(String, f64)> = vec![(results.empty.name.clone(), results.empty.init.p50)];
    bars.extend(results.functions.iter().map(|function| (function.name.clone(), function.init.p50)));
    bars.push((results.naive.name.clone(), results.naive.init.p50));
    let rows = i32::try_from(bars.len())?;
    let longest = bars.iter().map(|(_, value)| *value).fold(0.0, f64::max);

    let area = SVGBackend::new(path, (760, 50 + 24 * u32::try_from(bars.len())?)).into_drawing_area();
    area.fill(&WHITE)?;
    let mut chart = ChartBuilder::on(&area)
        .caption("Milliseconds from the start of a process to its first poll", FONT)
        .margin(8)
        .build_cartesian_2d(-longest * 0.32..longest * 1.1, rows..0)?;
    for (row, (name, value)) in (0..).zip(bars) {
        let ours = row > 0 && row < rows - 1;
        let colour = if ours { RGBColor(31, 119, 180) } else { RGBColor(150, 150, 150) };
        chart.draw_series([Rectangle::new([(0.0, row), (value, row + 1)], colour.filled().stroke_width(0))])?;
        chart.draw_series([Rectangle::new([(0.0, row), (value, row + 1)], WHITE.stroke_width(3))])?;
        chart.draw_series([Text::new(name, (-longest * 0.32, row), FONT)])?;
        chart.draw_series([Text::new(format!("{value:.2}"), (value + longest * 0.01, row), FONT)])?;
    }
    area.present()?;
    Ok(())
}

/// What is measured of a program: its name, and where it is.
type Measure = (&'static str, fn(&Run) -> f64);

/// What the programs take for each event: a column for each measure, with a scale of its own.
fn beside(jobs: &[Job], path: &Path) -> Result<()> {
    let measures: [Measure; 5] = [
        ("start, ms", |run| run.init.p50),
        ("first answer, ms", |run| run.first_answer.p50),
        ("warm answer, ms", |run| run.answer.p50),
        ("processor, ms", |run| run.processor),
        ("peak memory, MB", |run| megabytes(run.peak_memory)),
    ];
    let mut names: Vec<&str> = Vec::new();
    for run in jobs.iter().flat_map(|job| &job.runs).filter(|run| run.program != OURS) {
        if !names.contains(&run.program.as_str()) {
            names.push(&run.program);
        }
    }
    let colour = |run: &Run| {
        let other = names.iter().position(|name| *name == run.program);
        COLOURS.get(other.map_or(0, |position| (position + 1) % COLOURS.len())).copied().unwrap_or(BLACK)
    };
    let rows: i32 = jobs.iter().map(|job| job.runs.len() + 1).sum::<usize>().try_into()?;
    let height = 44 + 22 * u32::try_from(rows)?;
    let (labels, column) = (116, 138);

    let area = SVGBackend::new(path, (labels + column * 5 + 8, height)).into_drawing_area();
    area.fill(&WHITE)?;
    let top = |row: i32| 30 + 22 * row;
    for (position, (title, value)) in (0..).zip(measures) {
        let left = i32::try_from(labels + column * position)?;
        area.draw(&Text::new(title, (left, 10), FONT))?;
        let most = jobs.iter().flat_map(|job| &job.runs).map(value).fold(0.0, f64::max);
        let mut row = 0;
        for job in jobs {
            if position == 0 {
                area.draw(&Text::new(job.event.clone(), (8, top(row) + 5), FONT))?;
            }
            row += 1;
            for run in &job.runs {
                if position == 0 {
                    area.draw(&Text::new(run.program.clone(), (20, top(row) + 3), FONT))?;
                }
                #[expect(clippy::cast_possible_truncation, reason = "pixels")]
                let length = (f64::from(column - 62) * value(run) / most).round().max(1.0) as i32;
                let bar = [(left, top(row)), (left + length, top(row) + 18)];
                area.draw(&Rectangle::new(bar, colour(run).filled()))?;
                let decimals = usize::from(value(run) < 100.0) + usize::from(value(run) < 10.0);
                let text = format!("{:.decimals$}", value(run));
                area.draw(&Text::new(text, (left + length + 4, top(row) + 3), FONT))?;
                row += 1;
            }
        }
    }
    area.present()?;
    Ok(())
}

fn growing(title: &str, lines: &[Line], logarithmic: bool, path: &Path) -> Result<()> {
    let place = |count: u32| if logarithmic { f64::from(count).log10() } else { f64::from(count) };
    let points = || lines.iter().flat_map(|line| line.points.iter());
    let highest = points().map(|(_, summary)| summary.p50).fold(0.0, f64::max) * 1.15;
    let first = points().map(|(count, _)| place(*count)).fold(f64::INFINITY, f64::min);
    let last = points().map(|(count, _)| place(*count)).fold(0.0, f64::max);

    let area = SVGBackend::new(path, (760, 320)).into_drawing_area();
    area.fill(&WHITE)?;
    let mut chart = ChartBuilder::on(&area)
        .caption(title, FONT)
        .margin(12)
        .margin_right(40)
        .x_label_area_size(28)
        .y_label_area_size(44)
        .build_cartesian_2d(first..last, 0.0..highest)?;
    let label = |x: &f64| if logarithmic { format!("{:.0}", 10f64.powf(*x)) } else { format!("{x:.0}") };
    chart.configure_mesh().light_line_style(WHITE).x_labels(6).x_label_formatter(&label).draw()?;
    for (line, colour) in lines.iter().zip(COLOURS.into_iter().cycle()) {
        let points: Vec<_> = line.points.iter().map(|(count, summary)| (place(*count), summary.p50)).collect();
        chart
            .draw_series(LineSeries::new(points.clone(), colour.stroke_width(2)))?
            .label(&line.what)
            .legend(move |(x, y)| PathElement::new([(x, y), (x + 16, y)], colour.stroke_width(2)));
        chart.draw_series(points.into_iter().map(|point| Circle::new(point, 4, colour.filled())))?;
    }
    chart.configure_series_labels().border_style(BLACK.mix(0.2)).background_style(WHITE).draw()?;
    area.present()?;
    Ok(())
}
