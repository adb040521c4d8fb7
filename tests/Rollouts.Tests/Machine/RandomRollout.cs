using System.Text.Json;
using CsCheck;
using Rollouts.Analysis;
using Rollouts.Journal;
using Rollouts.Machine;
using Rollouts.Manifests;
using Rollouts.Policy;
using Rollouts.Steps;
using Rollouts.Traffic;
using Rollouts.Workloads;

namespace Rollouts.Tests.Machine;

/// <summary>
/// A rollout in a world that does anything: effects succeed, fail in every way, go unanswered or are answered twice and late; people decide at random;
/// time stands still or leaps. Every choice comes from one list of numbers, so that a failing case shrinks.
/// </summary>
internal sealed class RandomRollout
{
    private readonly IReadOnlyList<byte> choices;
    private readonly List<Observation> late = [];
    private int next;
    private long decisions;

    private RandomRollout(Release release, IReadOnlyList<byte> choices)
    {
        this.choices = choices;
        Turn = RolloutMachine.Start(release, "id", "pipeline", Now);
    }

    public static Gen<(Release Release, byte[] Choices)> Cases { get; } = Gen.Select(Release(), Gen.Byte.Array[0, 120]);

    /// <summary>The same with releases that deploy their own pods, which come and go as they like.</summary>
    public static Gen<(Release Release, byte[] Choices)> CasesWithPods { get; } = Gen.Select(
        Release(), Scaling(), Gen.Bool, Gen.Byte.Array[0, 250], (release, scaling, analyses, choices) =>
            ((release with
            {
                Policy = release.Policy with { FirstDeployment = analyses ? FirstDeploymentPolicy.Analyse : null },
                Steps = [.. release.Steps.SelectMany((s, i) => i % 3 == 1 ? [s, PodsAfter(s)] : new[] { s })],
            }).WithWorkload(scaling), choices));

    public DateTimeOffset Now { get; private set; } = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public Turn Turn { get; private set; }

    /// <summary>Each turn that was taken: what went in, and what came out.</summary>
    public List<TakenTurn> Turns { get; } = [];

    public static RandomRollout Play((Release Release, byte[] Choices) played)
    {
        var world = new RandomRollout(played.Release, played.Choices);
        while (world.next < world.choices.Count && !world.Turn.Rollout.IsFinished)
        {
            world.TakeTurn();
        }

        return world;
    }

    /// <summary>Takes a turn on given observations.</summary>
    public void Take(IReadOnlyList<Observation> observations, DateTimeOffset now)
    {
        Now = now;
        Turn before = Turn;
        Turn = RolloutMachine.Advance(before.Rollout, observations, now);
        Turns.Add(new TakenTurn(before, observations, now, Turn));
    }

    private static Gen<Release> Release()
    {
        Gen<UnclearPolicy> unclear = Gen.Select(
            Gen.OneOf(Array.ConvertAll([UnclearAction.Ask, UnclearAction.Wait, UnclearAction.Abort, UnclearAction.Continue], Gen.Const)),
            Gen.Int[1, 30],
            Gen.OneOf(Array.ConvertAll([UnclearAction.Ask, UnclearAction.Abort, UnclearAction.Continue], Gen.Const)),
            (action, minutes, then) => new UnclearPolicy { Action = action, For = TimeSpan.FromMinutes(minutes), Then = then });
        Gen<NotifyPolicy?> notify = Gen.Select(Gen.Int[-8, 2], Gen.Int[0, 60], (channels, minutes) => channels <= 0 ? null : new NotifyPolicy
        {
            Channels = [.. Enumerable.Range(1, channels).Select(i => $"team{i}")],
            Events = [NotifyEvent.Started, NotifyEvent.Question, NotifyEvent.Outcome],
            RemindEvery = minutes < 20 ? null : TimeSpan.FromMinutes(minutes),
            EscalateAfter = minutes < 40 ? null : TimeSpan.FromMinutes(minutes),
            EscalateTo = minutes < 40 ? [] : ["oncall"],
        });
        Gen<RolloutPolicy> policy = Gen.Select(unclear, unclear, unclear, Gen.Bool, notify, (inconclusive, noData, error, continues, tell) => new RolloutPolicy
        {
            Notify = tell,
            Inconclusive = inconclusive,
            NoData = noData,
            Error = error,
            Question = new QuestionPolicy { OnExpiry = continues ? UnclearAction.Continue : UnclearAction.Abort },
        });
        Gen<Step> step = Gen.Frequency(
            (3, Gen.Int[0, 100].Select(w => (Step)new SetWeightStep(w))),
            (2, Gen.Int[0, 600].Select(s => (Step)new PauseStep(s < 60 ? null : TimeSpan.FromSeconds(s)))),
            (3, Gen.Const((Step)Releases.ErrorRate)),
            (1, Gen.Bool.Select(set => (Step)(set ? Releases.InternalRoute : new SetHeaderRouteStep("internal", [])))),
            (1, Gen.Bool.Select(set => (Step)new SetMirrorRouteStep("shadow", set ? [new RequestMatch(new(HeaderMatchKind.Exact, "GET"), null, [])] : [], 50))));
        Gen<MetricTemplate> metric = Gen.Select(Gen.Int[1, 4], Gen.Int[0, 2], (count, limit) => Releases.Single with
        {
            Interval = "30s",
            Count = $"{count}",
            FailureLimit = $"{Math.Min(limit, count)}",
        });
        return Beside(Gen.Select(policy, metric, step.Array[0, 7], (p, m, steps) => Releases.With(p, m, steps)));
    }

    /// <summary>Adds what is measured beside the steps to some releases.</summary>
    private static Gen<Release> Beside(Gen<Release> release) => Gen.Select(release, Gen.Int[0, 3], Gen.Int[0, 3], Gen.Bool, Gen.Int[1, 90], (r, beside, first, early, bake) =>
    {
        RolloutPolicy policy = r.Policy with
        {
            Background = new BackgroundPolicy
            {
                StartOn = early ? BackgroundStart.StartingStep : BackgroundStart.CanaryTraffic,
                AfterRequests = bake % 5 == 1 ? new RequestMinimum { Query = new PrometheusQuery { Query = "sum(requests)" }, Count = 10 } : null,
            },
            Bake = bake > 45 ? null : new BakePolicy { For = TimeSpan.FromMinutes(bake), Analysis = early ? Backgrounds.Latency : null },
        };
        policy = policy with
        {
            Deadline = bake % 9 == 1 ? TimeSpan.FromMinutes(20 * bake) : null,
            Schedule = bake % 7 == 1
                ? new RolloutSchedule { TimeZone = "UTC", BusinessHours = [new BusinessHours(Enum.GetValues<DayOfWeek>(), TimeSpan.FromHours(1), TimeSpan.FromHours(23))] }
                : null,
        };
        Release changed = Backgrounds.Templates(r) with { Policy = policy };
        return beside == 0 ? Backgrounds.Beside(changed, first) : changed;
    });

    private static Step PodsAfter(Step step) => step switch
    {
        SetHeaderRouteStep { Match.Count: 0 } => new ExperimentStep([new ExperimentTemplate("one", WorkloadRole.Canary, 1)], [], TimeSpan.FromMinutes(2)),
        SetHeaderRouteStep => new ExperimentStep(
            [new ExperimentTemplate("one", WorkloadRole.Canary, 2), new ExperimentTemplate("other", WorkloadRole.Stable, 2)],
            [new ExperimentAnalysis("one", Releases.ErrorRate, true), new ExperimentAnalysis("other", Releases.ErrorRate, false)],
            TimeSpan.FromMinutes(5)),
        SetWeightStep { Weight: var weight } => new SetCanaryScaleStep(Weight: weight / 2),
        PauseStep => new SetCanaryScaleStep(Replicas: 3),
        AnalysisStep => new SetCanaryScaleStep(Replicas: 0),
        _ => new SetCanaryScaleStep(),
    };

    private static Gen<ScalingRules> Scaling() => Gen.Select(
        Gen.Bool, Gen.Bool, Gen.Int[0, 2], Gen.Int[0, 90], (dynamic, aborts, window, delay) => new ScalingRules
        {
            DynamicStableScale = dynamic,
            AbortOnProgressDeadline = aborts,
            RollbackWindow = window,
            ScaleDownDelay = TimeSpan.FromSeconds(delay),
            AbortScaleDownDelay = TimeSpan.FromSeconds(delay < 20 ? 0 : delay),
        });

    private byte Choose(int below) => (byte)(next < choices.Count ? choices[next++] % below : 0);

    private void TakeTurn()
    {
        List<Observation> observations = [];
        observations.AddRange(late);
        late.Clear();
        foreach (Effect effect in Turn.Effects.OrderBy(e => e.Order))
        {
            Answer(effect, observations);
        }

        if (Choose(6) == 1)
        {
            Command command = Choose(14) switch
            {
                12 => Command.Restart,
                13 => Command.Supersede,
                0 or 1 => Command.Abort,
                2 => Command.PromoteFull,
                3 => Command.Retry,
                4 or 5 => Command.Pause,
                6 or 7 => Command.Resume,
                _ => Command.Promote,
            };
            string? question = Choose(5) == 1 ? $"q{Choose(3)}" : null;
            observations.Add(new DecisionRead(
                decisions + 1 - (decisions > 0 && Choose(8) == 1 ? 1 : 0),
                new Decision
                {
                    Id = $"d{decisions}",
                    Command = command,
                    By = "jo",
                    At = Now,
                    Question = question,
                    FromStep = command == Command.Retry && Choose(3) == 1 ? Choose(8) : null,
                }));
            decisions = Math.Max(decisions, ((DecisionRead)observations[^1]).Sequence);
        }

        DateTimeOffset now = Choose(8) switch
        {
            0 => Now,
            1 => Now.AddSeconds(Choose(120)),
            2 => Now.AddHours(Choose(30)),
            _ => Turn.WakeAt is { } wake && wake > Now ? wake : Now,
        };
        Take(observations, now);
    }

    private void Answer(Effect effect, List<Observation> observations)
    {
        Observation? answer = Choose(10) switch
        {
            0 => null,
            1 => new EffectFailed(effect, (FailureKind)Choose(6), "failed"),
            _ => Obey(effect),
        };
        if (answer is null)
        {
            return;
        }

        observations.Add(answer);
        if (Choose(10) == 1)
        {
            late.Add(answer);
        }
    }

    private Observation Obey(Effect effect) => effect switch
    {
        InspectWorkload { Workload: not null } => new WorkloadInspected("v1", "v2") { State = Found() },
        ShapeWorkload shape => new WorkloadShaped(Seen(shape.Plan), shape.Revision),
        InspectWorkload => new WorkloadInspected("stable", "canary"),
        ClaimTarget => new TargetClaimed(Choose(12) == 1 ? new TrafficSplit(30, []) : TrafficSplit.None),
        RouteTraffic route => new TrafficRouted(
            Choose(12) == 1 ? route.Split with { CanaryWeight = route.Split.CanaryWeight / 2 } : route.Split, route.Revision),
        InspectTraffic look => new TrafficInspected(
            Choose(6) == 1 ? new TrafficSplit(Choose(100), []) : Turn.Rollout.Desired, look.Revision),
        ReleaseTarget => new TargetReleased(),
        TakeMeasurement take => new MeasurementTaken(take.Run, take.Metric.Name, take.Number, new Measurement
        {
            StartedAt = Now,
            FinishedAt = Now,
            Phase = Choose(6) switch
            {
                0 => MeasurementPhase.Failed,
                1 => MeasurementPhase.Inconclusive,
                2 => MeasurementPhase.Error,
                _ => MeasurementPhase.Successful,
            },
            NoData = Choose(8) == 1,
            Value = "[0]",
        }),
        AppendJournal append => new JournalAppended(append.Entries[^1].Number),
        Notify { Post: var post } => new Notified(post.Key, post.Channel, post.Version, Choose(3) == 1 ? null : $"{post.Channel}-{post.Key}", Choose(8) == 1),
        _ => new JournalClosed(Choose(4) != 1),
    };

    private WorkloadState Found() => Choose(8) switch
    {
        0 => new WorkloadState(),
        1 => new WorkloadState { Stable = Pods("v2", 4, 4) },
        2 => new WorkloadState { Stable = Pods("v3", 4, 4), Former = ["v2", "v1"] },
        3 => new WorkloadState { Stable = Pods("v1", 6, 6), Autoscaled = true },
        _ => new WorkloadState { Stable = Pods("v1", 4, 4), CanaryService = WorkloadRole.Stable },
    };

    private WorkloadState Seen(WorkloadPlan plan)
    {
        string stable = plan.Stable.Content switch { StableContent.Release => "v2", StableContent.Former => plan.Stable.Revision!, _ => "v1" };
        bool autoscaled = Choose(4) == 1;
        int wanted = autoscaled ? 1 + Choose(6) : plan.Stable.Replicas ?? 4;
        return new WorkloadState
        {
            Autoscaled = autoscaled,
            Stable = Pods(stable, wanted, Some(wanted)) with { RestartedAt = plan.Stable.RestartedAt },
            Canary = plan.Canary is { } canary ? Pods("v2", canary.Replicas, Some(canary.Replicas)) : null,
            CanaryService = Choose(12) == 1 ? null : plan.CanaryService,
            Experiments = plan.Experiments.ToDictionary(e => e.Name, e => Pods("v", e.Replicas, Some(e.Replicas))),
        };
    }

    private int Some(int wanted) => Choose(6) switch { 0 => 0, 1 => wanted / 2, _ => wanted };

    private static PodCounts Pods(string revision, int desired, int available) => new()
    {
        Revision = revision,
        Desired = desired,
        Pods = desired,
        Updated = available,
        Ready = available,
        Available = available,
        Observed = true,
    };
}

/// <summary>A turn of the machine, with what went in.</summary>
internal sealed record TakenTurn(Turn Before, IReadOnlyList<Observation> Observations, DateTimeOffset Now, Turn After)
{
    /// <summary>The turn as a story, for the message of a case that fails.</summary>
    public override string ToString()
    {
        Rollout after = After.Rollout;
        IEnumerable<string> seen = Observations.Select(o => o switch
        {
            WorkloadShaped shaped => $"pods of plan {shaped.Revision}: canary {shaped.State.Canary?.Available}, stable {shaped.State.Stable?.Revision} {shaped.State.Stable?.Available}",
            EffectFailed failed => $"{failed.Effect.GetType().Name} {failed.Kind}",
            DecisionRead read => $"{read.Decision.Command}",
            _ => o.GetType().Name,
        });
        IEnumerable<string> done = After.Effects.Select(e => e switch
        {
            ShapeWorkload shape => $"plan {shape.Revision}: {shape.Plan}",
            RouteTraffic route => $"{route.Split}",
            _ => e.GetType().Name,
        });
        return $"{Now:d HH:mm:ss} {after.Stage} {after.Workload?.Promotion} wants {after.Desired} has {after.Applied}: {string.Join("; ", seen)} => {string.Join("; ", done)}"
            + string.Concat(after.Unrecorded.Where(e => e.Number > Before.Rollout.EntriesWritten).Select(e => $"\n    {e.Message}"));
    }

    public static string Json(Turn turn) => JsonSerializer.Serialize(turn, RolloutJson.Default.Turn);

    /// <summary>The decisions that the machine has not read before, while it was still under way.</summary>
    public IEnumerable<Command> FreshCommands => Observations.OfType<DecisionRead>()
        .Where(d => d.Sequence > Before.Rollout.LastDecision)
        .Select(d => d.Decision.Command);
}
