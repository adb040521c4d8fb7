using System.Globalization;
using Rollouts.Analysis;
using Rollouts.Engine;
using Rollouts.Journal;
using Rollouts.Machine;
using Spectre.Console;
using Spectre.Console.Rendering;
using Measurement = Rollouts.Analysis.Measurement;

namespace Rollouts.Cli.Views;

/// <summary>Draws a rollout for a terminal.</summary>
internal static class StatusScreen
{
    private const int BarWidth = 30;
    private const int MeasurementsShown = 8;

    public static IRenderable Draw(
        RolloutStatus status, IReadOnlyList<JournalRecord> journal, IReadOnlyList<string> notes, DateTimeOffset now)
    {
        List<IRenderable> parts =
        [
            new Markup($"[bold]{Markup.Escape($"{status.Namespace}/{status.Name}")}[/]  {Phase(status)}  {Markup.Escape(status.Message)}"),
            new Markup($"canary {Bar(status)} {status.Weight}/{status.MaxWeight}{Routes(status)}{Next(status, now)}"),
            new Text(""),
            .. status.Steps.Select((step, index) => new Markup(Step(status, step, index))),
        ];
        if (status.Analysis is { } analysis)
        {
            parts.Add(new Text(""));
            parts.Add(Metrics(analysis));
        }

        parts.Add(new Text(""));
        parts.AddRange(journal.TakeLast(6).Select(r => new Markup($"[grey]{Line(r)}[/]")));
        if (notes.Count > 0)
        {
            parts.Add(new Text(""));
            parts.AddRange(notes.Select(n => new Markup($"[yellow]{Markup.Escape(n)}[/]")));
        }

        return new Rows(parts);
    }

    /// <summary>One line of the journal, as it is also printed where there is no terminal.</summary>
    public static string Line(JournalRecord record) => record switch
    {
        { Entry: { } entry } => Markup.Escape($"{entry.At:HH:mm:ss}  {entry.Weight,3}  {entry.Type,-24} {entry.Message}"),
        { Decision: { } decision } => Markup.Escape($"{decision.At:HH:mm:ss}       {"Decision",-24} {CommandName.Of(decision.Command)} by {decision.By}"),
        _ => "",
    };

    private static string Phase(RolloutStatus status) => status.Phase switch
    {
        RolloutPhase.Healthy => "[green]Healthy[/]",
        RolloutPhase.Degraded => "[red]Degraded[/]",
        RolloutPhase.Paused => "[yellow]Paused[/]",
        _ => "[blue]Progressing[/]",
    };

    private static string Bar(RolloutStatus status)
    {
        int full = status.Weight * BarWidth / Math.Max(1, status.MaxWeight);
        return $"[green]{new string('█', full)}[/][grey]{new string('░', BarWidth - full)}[/]";
    }

    private static string Routes(RolloutStatus status) =>
        status.HeaderRoutes.Count == 0 ? "" : Markup.Escape($", header route {string.Join(", ", status.HeaderRoutes)}");

    private static string Next(RolloutStatus status, DateTimeOffset now) => status switch
    {
        { WaitingFor: WaitingFor.Decision } => ", waiting for a decision",
        { NextChangeAt: { } next } when next > now => string.Create(
            CultureInfo.InvariantCulture, $", next in {GoDuration.Format(TimeSpan.FromSeconds(Math.Ceiling((next - now).TotalSeconds)))}"),
        _ => "",
    };

    private static string Step(RolloutStatus status, string step, int index)
    {
        (string mark, string style) = (index, status) switch
        {
            _ when index < status.Step => ("✔", "green"),
            _ when index == status.Step && status.Outcome is null => ("▶", "bold"),
            _ when index == status.Step && status.Phase == RolloutPhase.Degraded => ("✖", "red"),
            _ => ("·", "grey"),
        };
        return $"  [{style}]{mark} {index + 1}. {Markup.Escape(step)}[/]";
    }

    private static Table Metrics(AnalysisStatus analysis)
    {
        Table table = new Table().Border(TableBorder.Rounded)
            .AddColumns("metric", "phase", "ok", "failed", "unclear", "errors", "last measurements");
        foreach (MetricStatus metric in analysis.Metrics)
        {
            table.AddRow(
                Markup.Escape(metric.Name + (metric.DryRun ? " (dry run)" : "")),
                Colour(metric.Phase, metric.Phase.ToString()),
                $"{metric.Successful}",
                $"{metric.Failed}",
                $"{metric.Inconclusive}",
                $"{metric.Error}",
                string.Join(' ', metric.Measurements.TakeLast(MeasurementsShown).Select(m => Colour(m.Phase, Short(m)))));
        }

        return table;
    }

    private static string Colour(MeasurementPhase phase, string text) => phase switch
    {
        MeasurementPhase.Successful => $"[green]{Markup.Escape(text)}[/]",
        MeasurementPhase.Failed => $"[red]{Markup.Escape(text)}[/]",
        MeasurementPhase.Error => $"[red]{Markup.Escape(text)}[/]",
        MeasurementPhase.Inconclusive => $"[yellow]{Markup.Escape(text)}[/]",
        _ => Markup.Escape(text),
    };

    private static string Short(Measurement measurement)
    {
        string value = measurement.Value?.Trim('[', ']') ?? "-";
        return double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) && double.IsFinite(number)
            ? number.ToString("0.####", CultureInfo.InvariantCulture)
            : value.Length == 0 ? "[]" : value.Length > 24 ? value[..24] + "…" : value;
    }
}
