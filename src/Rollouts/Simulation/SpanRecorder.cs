using System.Globalization;
using Rollouts.Machine;
using Rollouts.Traffic;
using Rollouts.Workloads;

namespace Rollouts.Simulation;

/// <summary>Records what is so for a while: a span begins with a new text and ends when the text changes or is gone.</summary>
internal sealed class SpanRecorder
{
    private const string HeaderRoute = "header route ";
    private const string MirrorRoute = "mirror route ";
    private const string Experiment = "experiment ";

    private readonly List<SimulatedSpan> spans = [];

    /// <summary>In the order in which they began; what lasted no time is left out.</summary>
    public IReadOnlyList<SimulatedSpan> All => [.. spans.Where(s => s.To != s.From)];

    public void Follow(Rollout rollout, double at)
    {
        Set("schedule closed", rollout.ScheduleOpensAt is null ? null : "", at);
        Set("paused by hand", rollout.ManualPause is { } pause ? $"by {pause.By}" : null, at);
        Set("question open", rollout.Question is { } question ? $"{question.Kind}" : null, at);
        Set("bake time", rollout is { Stage: RolloutStage.Promoting, BakeStartedAt: not null, PromotedInFull: false } ? "" : null, at);
        Set("background analysis", rollout is { Outcome: null, Background: { IsCompleted: false } } ? "" : null, at);
        if (rollout.Workload is not { Revision: > 0, Plan: var plan })
            return;
        Set("canary pods", plan.Canary is { Replicas: > 0 and var canary } ? Count(canary) : null, at);
        // The number of stable pods is worth a row where it changes.
        if (plan.Stable.Replicas is { } stable && rollout.Release.Scaling is { DynamicStableScale: true })
            Set("stable pods", Count(stable), at);
        Follow(Experiment, plan.OnlyStable ? [] : plan.Experiments.Select(e => (e.Name, Describe(e))), at);
    }

    public void Follow(TrafficSplit split, double at)
    {
        Follow(HeaderRoute, split.HeaderRoutes.Select(r => (r.Name, string.Join(r.AnyMatch ? " or " : ", ", r.Match))), at);
        Follow(MirrorRoute, (split.MirrorRoutes ?? []).Select(r => (r.Name, $"{r.Percentage} %")), at);
    }

    private static string Describe(ExperimentPlan side) => $"{Count(side.Replicas)} of {(side.From == WorkloadRole.Canary ? "canary" : "stable")}";

    private static string Count(int pods) => pods.ToString(CultureInfo.InvariantCulture);

    private void Follow(string kind, IEnumerable<(string Name, string Text)> present, double at)
    {
        Dictionary<string, string> now = present.ToDictionary(p => kind + p.Name, p => p.Text);
        foreach (string over in spans.Where(s => s.To is null && s.Name.StartsWith(kind, StringComparison.Ordinal) && !now.ContainsKey(s.Name)).Select(s => s.Name).ToArray())
            Set(over, null, at);
        foreach ((string name, string text) in now)
            Set(name, text, at);
    }

    private void Set(string name, string? text, double at)
    {
        int open = spans.FindLastIndex(s => s.Name == name && s.To is null);
        if (open >= 0 && spans[open].Text == text)
            return;
        if (open >= 0)
            spans[open] = spans[open] with { To = at };
        if (text is not null)
            spans.Add(new SimulatedSpan(name, at, null, text));
    }
}
