using System.Globalization;
using Rollouts.Analysis;
using Rollouts.Engine;
using Rollouts.Machine;
using Spectre.Console;
using Measurement = Rollouts.Analysis.Measurement;

namespace Rollouts.Cli.Views;

/// <summary>A rollout as a tree: where it stands, its steps with their progress, and under the analysis its metrics.</summary>
internal static class StatusTree
{
    private const int BarWidth = 30;
    private const int MeasurementsShown = 8;

    public static Tree Draw(RolloutStatus status, DateTimeOffset now)
    {
        Tree tree = new(new Markup($"[bold]{Markup.Escape($"{status.Namespace}/{status.Name}")}[/]  {Phase(status)}  {Markup.Escape(status.Message)}"));
        tree.AddNode(new Markup($"canary {Bar(status.Weight, status.MaxWeight, "green")} {status.Weight}/{status.MaxWeight}{Routes(status)}{Next(status, now)}"));
        if (status.Workload is { } workload)
        {
            tree.AddNode(new Markup($"pods   stable {Pods(workload.Stable)}, canary {Pods(workload.Canary)}"));
        }

        int done = Math.Min(status.Step, status.Steps.Count);
        TreeNode steps = tree.AddNode(new Markup($"steps  {Bar(done, status.Steps.Count, "blue")} {done}/{status.Steps.Count}"));
        int measuring = status.Analysis is null ? -1 : AnalysisStep(status);
        for (int index = 0; index < status.Steps.Count; index++)
        {
            TreeNode step = steps.AddNode(new Markup(Step(status, status.Steps[index], index)));
            if (index == measuring)
            {
                AddMetrics(step, status.Analysis!);
            }
        }

        if (status.Background is { } background)
        {
            AddMetrics(tree.AddNode(new Markup($"analysis beside the steps {Colour(background.Phase, background.Phase.ToString())}")), background);
        }

        return tree;
    }

    /// <summary>The step that the analysis belongs to: the last one so far that has one, by its title.</summary>
    private static int AnalysisStep(RolloutStatus status) =>
        status.Steps.Take(status.Step + 1).ToList().FindLastIndex(s => s.StartsWith("analysis", StringComparison.Ordinal) || s.StartsWith("experiment", StringComparison.Ordinal));

    private static void AddMetrics(TreeNode node, AnalysisStatus analysis)
    {
        foreach (MetricStatus metric in analysis.Metrics)
        {
            string values = string.Join(' ', metric.Measurements.TakeLast(MeasurementsShown).Select(m => Colour(m.Phase, Short(m))));
            node.AddNode(new Markup(
                $"{Colour(metric.Phase, Mark(metric.Phase))} {Markup.Escape(metric.Name)}{(metric.DryRun ? " [grey](dry run)[/]" : "")} "
                + $"[grey]{metric.Phase}:[/] {metric.Successful} ok, {metric.Failed} failed, {metric.Inconclusive} unclear, {metric.Error} errors  {values}"));
        }
    }

    private static string Phase(RolloutStatus status) => status.Phase switch
    {
        RolloutPhase.Healthy => "[green]Healthy[/]",
        RolloutPhase.Degraded => "[red]Degraded[/]",
        RolloutPhase.Paused => "[yellow]Paused[/]",
        _ => "[blue]Progressing[/]",
    };

    private static string Bar(int part, int whole, string colour)
    {
        int full = whole == 0 ? BarWidth : part * BarWidth / whole;
        return $"[{colour}]{new string('█', full)}[/][grey]{new string('░', BarWidth - full)}[/]";
    }

    private static string Pods(RoleStatus? role) =>
        role is null ? "none" : $"{role.Available}/{role.Desired}{(role.Problem is { } problem ? $" [red]{Markup.Escape(problem)}[/]" : "")}";

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
        return $"[{style}]{mark} {index + 1}. {Markup.Escape(step)}[/]";
    }

    private static string Mark(MeasurementPhase phase) => phase switch
    {
        MeasurementPhase.Successful => "✔",
        MeasurementPhase.Failed or MeasurementPhase.Error => "✖",
        MeasurementPhase.Inconclusive => "?",
        _ => "·",
    };

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
