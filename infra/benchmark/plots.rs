//! The results as pictures.

use std::{fs, path::Path};

use plotters::prelude::*;

use crate::{Result, Results, growth::Line};

const FONT: (&str, u32) = ("sans-serif", 14);
const COLOURS: [RGBColor; 4] =
    [RGBColor(31, 119, 180), RGBColor(214, 107, 0), RGBColor(44, 140, 44), RGBColor(148, 103, 189)];

/// Draws everything into a directory.
pub(crate) fn draw(results: &Results, directory: &Path) -> Result<()> {
    fs::create_dir_all(directory)?;
    starts(results, &directory.join("start.svg"))?;
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
