using Rollouts.Analysis;
using Rollouts.Machine;
using Rollouts.Questions;
using Rollouts.Steps;
using Rollouts.Workloads;

namespace Rollouts.Engine;

/// <summary>Shows a rollout as people and pipelines see it. One view for every engine.</summary>
public static class RolloutStatusView
{
    private const int MostCharacters = 100;

    /// <param name="turn">The turn last stored.</param>
    public static RolloutStatus Of(Turn turn) => Of(turn.Rollout, turn.WakeAt);

    /// <param name="rollout">The rollout.</param>
    /// <param name="wakeAt">When its next turn is due, if known.</param>
    public static RolloutStatus Of(Rollout rollout, DateTimeOffset? wakeAt) => new()
    {
        Id = rollout.Id,
        Name = rollout.Release.Name,
        Namespace = rollout.Release.Namespace,
        Phase = PhaseOf(rollout),
        Outcome = rollout.Outcome,
        IsRollingBack = rollout is { Outcome: null, Stage: RolloutStage.RollingBack },
        Message = MessageOf(rollout),
        WaitingFor = WaitingForOf(rollout),
        Step = rollout.StepIndex,
        Steps = [.. rollout.Release.Steps.Select(s => s.Title)],
        Weight = rollout.Applied?.CanaryWeight ?? 0,
        DesiredWeight = rollout.Desired.CanaryWeight,
        MaxWeight = rollout.Release.Target.MaxWeight,
        HeaderRoutes = [.. (rollout.Applied ?? rollout.Desired).HeaderRoutes.Select(r => r.Name)],
        Attempt = rollout.Attempt,
        StartedAt = rollout.StartedAt,
        FinishedAt = rollout.FinishedAt,
        NextChangeAt = rollout.Outcome is null ? wakeAt : null,
        Question = rollout.Question,
        Otherwise = rollout.Question is { } asked ? Unanswered.Of(asked, rollout.Release.Policy) : null,
        Approvals = rollout.Question is { } open ? ApprovalCount.Of(rollout, open) : null,
        LastQuestion = rollout.LastQuestion,
        LastAnswer = rollout.LastAnswer is { } answer ? answer with { Message = Shorten(answer.Message)! } : null,
        ApprovalPolicies = [.. ApprovalCount.PoliciesOf(rollout)],
        ManualPause = rollout.ManualPause,
        Analysis = rollout.Analysis is { } run ? Of(run) : null,
        Background = rollout.Background is { } beside ? Of(beside) : null,
        Workload = rollout.Workload?.State is { } state
            ? new WorkloadStatus(rollout.Release.Workload?.Revision, Of(state.Stable), Of(state.Canary))
            : null,
    };

    /// <summary>The phase that Argo would show.</summary>
    public static RolloutPhase PhaseOf(Rollout rollout) => rollout switch
    {
        { Outcome: RolloutOutcome.Promoted or RolloutOutcome.FastRolledBack } => RolloutPhase.Healthy,
        { Outcome: not null } or { Stage: RolloutStage.RollingBack } => RolloutPhase.Degraded,
        { ManualPause: not null } or { Question: not null } => RolloutPhase.Paused,
        { Workload.DeadlineExceeded: true } => RolloutPhase.Degraded,
        { Stage: RolloutStage.Stepping, CurrentStep: PauseStep, StepStartedAt: not null } => RolloutPhase.Paused,
        _ => RolloutPhase.Progressing,
    };

    private static WaitingFor? WaitingForOf(Rollout rollout) => rollout switch
    {
        { Outcome: not null } => null,
        { ManualPause: not null } or { Question: not null } => WaitingFor.Decision,
        { Stage: RolloutStage.Promoting, BakeStartedAt: not null, PromotedInFull: false } => WaitingFor.Analysis,
        { Stage: RolloutStage.Stepping, ScheduleOpensAt: not null } => WaitingFor.Schedule,
        { Stage: not RolloutStage.Stepping } or { IsTrafficSettled: false } => WaitingFor.Readiness,
        { CurrentStep: PauseStep, StepStartedAt: not null } or { CurrentStep: PauseStep, Workload: null } => WaitingFor.Pause,
        { CurrentStep: AnalysisStep, StepStartedAt: not null } or { CurrentStep: AnalysisStep, Workload: null } => WaitingFor.Analysis,
        { CurrentStep: ExperimentStep, Workload.ExperimentUpAt: not null } => WaitingFor.Analysis,
        { Workload: not null } => WaitingFor.Readiness,
        _ => null,
    };

    private static string MessageOf(Rollout rollout) => rollout switch
    {
        { Outcome: not null } or { Stage: RolloutStage.RollingBack } => rollout.Message,
        { Failing: [.., var failing] } => $"{failing.Effect} failed {failing.Attempts} times, trying again: {failing.Message}",
        { ManualPause: { } pause } => $"manually paused by {pause.By}",
        { Workload.DeadlineExceeded: true } => rollout.Message,
        { Question: { } question } => question.Latest is { } latest ? $"{question.Message}; {latest}" : question.Message,
        { Stage: RolloutStage.Promoting, BakeStartedAt: not null, PromotedInFull: false } => "bakes with all traffic",
        { Stage: RolloutStage.Promoting, Workload.Promotion: PromotionPhase.ScalingCanary } => "gets the canary's pods for all traffic",
        { Stage: RolloutStage.Promoting, Workload.Promotion: PromotionPhase.UpdatingStable } => "updates the stable version behind the canary",
        { Stage: RolloutStage.Promoting, Workload.Promotion: PromotionPhase.Returning } => "gives traffic back to the stable version",
        { Stage: RolloutStage.Stepping, ScheduleOpensAt: { } opens } => $"the weight is not raised before {opens:u}; promote raises it all the same",
        _ => rollout.CurrentStep?.Title ?? "",
    };

    private static RoleStatus? Of(PodCounts? pods) =>
        pods is null ? null : new RoleStatus(pods.Revision, pods.Available, pods.Desired, pods.IsComplete ? null : Shorten(pods.Problem));

    private static AnalysisStatus Of(AnalysisRun run) => new(
        run.Id,
        run.Phase,
        run.Message,
        [
            .. run.Metrics.Select(m => new MetricStatus
            {
                Name = m.Metric.Name,
                Phase = m.Phase,
                Message = Shorten(m.Message),
                DryRun = m.Metric.DryRun,
                Count = m.Count,
                Successful = m.Successful,
                Failed = m.Failed,
                Inconclusive = m.Inconclusive,
                Error = m.Error,
                SuccessCondition = m.Metric.SuccessCondition,
                FailureCondition = m.Metric.FailureCondition,
                Measurements = [.. m.Measurements.Select(t => t with { Value = Shorten(t.Value), Message = Shorten(t.Message) })],
            }),
        ]);

    /// <summary>A status stays small whatever a query returns; the journal has the whole value.</summary>
    private static string? Shorten(string? text) =>
        text is null || text.Length <= MostCharacters ? text : string.Concat(text.AsSpan(0, MostCharacters - 1), "…");
}
