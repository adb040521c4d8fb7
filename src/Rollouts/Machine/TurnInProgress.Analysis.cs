using Rollouts.Analysis;
using Rollouts.Analysis.Arguments;
using Rollouts.Journal;
using Rollouts.Policy;
using Rollouts.Questions;
using Rollouts.Steps;

namespace Rollouts.Machine;

internal sealed partial class TurnInProgress
{
    /// <summary>A due measurement that has brought no observation at all for this long counts as one that can't be taken.</summary>
    private static readonly TimeSpan SilenceLimit = TimeSpan.FromMinutes(10);

    /// <summary>While a question about an inconclusive analysis is open, the analysis is repeated this long after it has ended.</summary>
    private static readonly TimeSpan RepeatInterval = TimeSpan.FromMinutes(1);

    private RolloutPolicy Policy => rollout.Release.Policy;

    private AnalysisRules Rules => AnalysisRules.Of(Policy);

    /// <summary>The analyses that there are now, running or not.</summary>
    private IEnumerable<AnalysisSubject> Analyses
    {
        get
        {
            if (rollout is { Stage: RolloutStage.Stepping, CurrentStep: AnalysisStep, StepStartedAt: not null } || ExperimentIsMeasured)
            {
                yield return AnalysisSubject.Step;
            }

            if (rollout is { Stage: RolloutStage.Promoting, BakeStartedAt: not null })
            {
                yield return AnalysisSubject.Bake;
            }

            if (rollout.Stage is RolloutStage.Stepping or RolloutStage.Promoting)
            {
                yield return AnalysisSubject.Background;
            }
        }
    }

    private AnalysisRun? RunOf(AnalysisSubject subject) => subject == AnalysisSubject.Background ? rollout.Background : rollout.Analysis;

    private AnalysisStep? MeasuredBy(AnalysisSubject subject) => subject switch
    {
        AnalysisSubject.Background => rollout.Release.Background?.Analysis,
        AnalysisSubject.Bake => Policy.Bake?.Analysis,
        _ => rollout.CurrentStep as AnalysisStep,
    };

    private void Keep(AnalysisSubject subject, AnalysisRun run) => rollout = subject == AnalysisSubject.Background
        ? rollout with { Background = run }
        : rollout with { Analysis = run };

    private DateTimeOffset? InconclusiveSince(AnalysisSubject subject) =>
        subject == AnalysisSubject.Background ? rollout.BackgroundInconclusiveSince : rollout.InconclusiveSince;

    private void SetInconclusiveSince(AnalysisSubject subject, DateTimeOffset? since) => rollout = subject == AnalysisSubject.Background
        ? rollout with { BackgroundInconclusiveSince = since }
        : rollout with { InconclusiveSince = since };

    private void StartRun(AnalysisSubject subject, bool again = false)
    {
        string id = $"run-{rollout.RunsStarted + 1}";
        (IReadOnlyList<Metric>? metrics, IReadOnlyList<ArgumentProblem> problems) = MetricsOf(subject);
        rollout = rollout with { RunsStarted = rollout.RunsStarted + 1 };
        Keep(subject, metrics is null
            ? AnalysisRunner.Unresolved(id, $"Unable to resolve metric arguments: {string.Join("; ", problems.Select(p => p.Message))}", now)
            : AnalysisRunner.Start(id, metrics, now));
        if (!again)
        {
            Record(EventType.AnalysisRunRunning, $"{Title(subject)} {id} begins: {string.Join(", ", TemplatesOf(subject).Select(t => t.Name))}");
        }
    }

    private (IReadOnlyList<Metric>? Metrics, IReadOnlyList<ArgumentProblem> Problems) MetricsOf(AnalysisSubject subject) =>
        subject == AnalysisSubject.Step && rollout.CurrentStep is ExperimentStep experiment ? MetricsOf(experiment) : MetricsOf(MeasuredBy(subject)!);

    private (IReadOnlyList<Metric>? Metrics, IReadOnlyList<ArgumentProblem> Problems) MetricsOf(AnalysisStep analysis) =>
        ArgumentResolution.Resolve(TemplateNesting.Flatten(analysis.Templates, rollout.Release.Templates), analysis, Context);

    private IEnumerable<TemplateReference> TemplatesOf(AnalysisSubject subject) =>
        subject == AnalysisSubject.Step && rollout.CurrentStep is ExperimentStep experiment
            ? experiment.Analyses.SelectMany(a => a.Analysis.Templates)
            : MeasuredBy(subject)!.Templates;

    private AnalysisContext Context => new()
    {
        StableHash = rollout.StableHash,
        CanaryHash = rollout.CanaryHash,
        Namespace = rollout.Release.Namespace,
        Cluster = rollout.Release.Target.Cluster,
        Fields = rollout.Release.Fields,
        Policy = Policy,
    };

    private static string Title(AnalysisSubject subject) => subject switch
    {
        AnalysisSubject.Background => "Background analysis",
        AnalysisSubject.Bake => "Bake analysis",
        _ => "Analysis",
    };

    /// <summary>Takes an analysis as far as what was measured takes it.</summary>
    private bool WalkAnalysis(AnalysisSubject subject)
    {
        if (RunOf(subject) is not { } run)
        {
            StartRun(subject);
            return true;
        }

        if (!run.IsCompleted)
        {
            run = AnalysisRunner.Assess(run, Rules, now);
            Keep(subject, run);
            if (!run.IsCompleted)
            {
                if (subject != AnalysisSubject.Step && IsGood(run))
                {
                    SetInconclusiveSince(subject, null);
                }

                return ExpireQuestion(subject) || (!IsInconclusiveAsked(subject) && WalkStarvation(subject, run));
            }

            RecordVerdict(subject, run);
        }

        switch (run.Phase)
        {
            case MeasurementPhase.Successful when IsInconclusiveAsked(subject):
                return ExpireQuestion(subject) || MeasureAgain(subject, run);
            case MeasurementPhase.Successful:
                Withdraw(subject);
                SetInconclusiveSince(subject, null);
                return subject == AnalysisSubject.Step && rollout.CurrentStep is AnalysisStep && CompleteStep();
            case MeasurementPhase.Inconclusive:
                return ExpireQuestion(subject) || WalkInconclusive(subject, run);
            default:
                RollBackFor(subject, run.Message);
                return true;
        }
    }

    private void RollBackFor(AnalysisSubject subject, string? evidence)
    {
        rollout = rollout with { FailedTemplates = RunOf(subject) is { } run ? TemplatesToBlame(run) : [] };
        BeginRollback(
            RolloutOutcome.RolledBack,
            $"{(subject != AnalysisSubject.Step ? Title(subject) : rollout.CurrentStep is ExperimentStep ? "Experiment" : "Step-based analysis")} phase error/failed: {evidence}");
    }

    private void RecordVerdict(AnalysisSubject subject, AnalysisRun run)
    {
        Record(
            run.Phase switch
            {
                MeasurementPhase.Successful => EventType.AnalysisRunSuccessful,
                MeasurementPhase.Failed => EventType.AnalysisRunFailed,
                MeasurementPhase.Inconclusive => EventType.AnalysisRunInconclusive,
                _ => EventType.AnalysisRunError,
            },
            $"{Title(subject)} {run.Id} completed: {run.Phase}{(run.Message is { } why ? $", {why}" : "")}");
        if (IsInconclusiveAsked(subject))
        {
            rollout = rollout with { Question = rollout.Question! with { Latest = $"measured again at {now:u}: {run.Phase}" } };
        }
    }

    private bool WalkInconclusive(AnalysisSubject subject, AnalysisRun run)
    {
        if (IsInconclusiveAsked(subject))
        {
            return MeasureAgain(subject, run);
        }

        DateTimeOffset since = InconclusiveSince(subject) ?? run.CompletedAt!.Value;
        UnclearPolicy unclear = Policy.Inconclusive;
        bool waits = unclear.Action == UnclearAction.Wait && now < since + unclear.For;
        UnclearAction action = unclear.Action == UnclearAction.Wait ? unclear.Then : unclear.Action;
        bool isRepeated = waits || (action == UnclearAction.Continue && subject != AnalysisSubject.Step);
        if (!isRepeated)
        {
            return Resolve(subject, action, QuestionKind.Inconclusive, run.Message ?? "inconclusive");
        }

        SetInconclusiveSince(subject, since);
        if (now < run.CompletedAt + AnalysisRunner.ErrorRetryInterval)
        {
            return false;
        }

        if (!waits)
        {
            return Resolve(subject, action, QuestionKind.Inconclusive, run.Message ?? "inconclusive");
        }

        StartRun(subject);
        return true;
    }

    /// <summary>
    /// Repeats an analysis whose question is open, so that a failure still rolls back and a person sees how it is now. The answer stays theirs.
    /// </summary>
    private bool MeasureAgain(AnalysisSubject subject, AnalysisRun run)
    {
        if (RepeatsAt(run) is not { } at || now < at)
        {
            return false;
        }

        StartRun(subject, again: true);
        return true;
    }

    // Argo measures nothing while it is paused for an inconclusive run.
    private DateTimeOffset? RepeatsAt(AnalysisRun run) => Policy.Compatibility == Compatibility.Argo ? null : run.CompletedAt + RepeatInterval;

    /// <summary>Metrics that get no data, or no answer, hold the rollout where it is until data comes back or patience ends.</summary>
    private bool WalkStarvation(AnalysisSubject subject, AnalysisRun run)
    {
        foreach (MetricResult metric in run.Metrics.Where(m => !m.Metric.DryRun && !m.IsCompleted))
        {
            if (StarvesSince(run, metric) is not { } since)
            {
                continue;
            }

            QuestionKind kind = StarvationKind(metric);
            UnclearPolicy unclear = PolicyFor(kind, metric);
            bool outOfPatience = now >= since + PatienceWith(unclear)
                || metric.ConsecutiveError > (metric.Metric.ConsecutiveErrorLimit ?? int.MaxValue);
            if (!outOfPatience)
            {
                continue;
            }

            string what = kind == QuestionKind.NoData ? $"has {metric.Measurements[^1].Message ?? "no data"}" : $"can't be measured ({LastMessage(metric)})";
            UnclearAction action = unclear.Action == UnclearAction.Wait ? unclear.Then : unclear.Action;
            return Resolve(subject, action, kind, $"metric \"{metric.Metric.Name}\" {what} since {GoDuration.Format(Whole(now - since))}");
        }

        if (!Starves(run))
        {
            Withdraw(subject);
        }

        return false;
    }

    private bool Starves(AnalysisRun run) => run.Metrics.Any(m => StarvesSince(run, m) is not null);

    private DateTimeOffset? StarvesSince(AnalysisRun run, MetricResult metric) =>
        metric.StarvedSince is { } since ? since
        : AnalysisRunner.DueAt(run, metric) is { } due && now >= due + SilenceLimit ? due
        : null;

    private static QuestionKind StarvationKind(MetricResult metric) =>
        metric is { StarvedSince: not null, Measurements: [.., { NoData: true }] } ? QuestionKind.NoData : QuestionKind.Error;

    private static string LastMessage(MetricResult metric) =>
        metric.Measurements is [.., { Message: { } message }] ? message : "no answer";

    private UnclearPolicy PolicyFor(QuestionKind kind, MetricResult metric) => kind != QuestionKind.NoData
        ? Policy.Error
        : Rules.PolicyOf(metric.Metric)?.NoData ?? Policy.NoData;

    private static TimeSpan PatienceWith(UnclearPolicy unclear) => unclear.Action == UnclearAction.Wait ? unclear.For : TimeSpan.Zero;

    /// <summary>Does what the policy says about an analysis without a verdict.</summary>
    private bool Resolve(AnalysisSubject subject, UnclearAction action, QuestionKind kind, string evidence)
    {
        switch (action)
        {
            case UnclearAction.Abort:
                RollBackFor(subject, evidence);
                return true;
            case UnclearAction.Continue when subject != AnalysisSubject.Step:
                Record(EventType.ContinuedByPolicy, $"The policy continues although {evidence}");
                OverruleBeside(subject);
                return true;
            case UnclearAction.Continue when rollout.ManualPause is null:
                Record(EventType.ContinuedByPolicy, $"The policy continues although {evidence}");
                return CompleteStep();
            case UnclearAction.Continue:
                return false;
            default:
                Ask(subject, kind, evidence);
                return false;
        }
    }

    /// <summary>
    /// Leaves an analysis beside the steps behind: a fresh run begins, as in Argo. The others that hold the rollout are left behind with it, since
    /// what goes on goes on in spite of them too; else two of them could take turns in holding it for ever.
    /// </summary>
    private void OverruleBeside(AnalysisSubject asked)
    {
        foreach (AnalysisSubject subject in Analyses.Where(s => s != AnalysisSubject.Step && MeasuredBy(s) is not null).ToArray())
        {
            if (subject == asked || Holds(subject))
            {
                SetInconclusiveSince(subject, null);
                StartRun(subject);
            }
        }
    }

    private static TimeSpan Whole(TimeSpan time) => TimeSpan.FromSeconds(Math.Floor(time.TotalSeconds));
}
