using Rollouts.Analysis;
using Rollouts.Engine;
using Rollouts.Journal;
using Rollouts.Machine;
using Rollouts.Manifests;
using Rollouts.Steps;
using Rollouts.Traffic;

namespace Rollouts.Embedded.CrashHost;

/// <summary>A rollout and the people around it, whose decisions depend on nothing but its status: however often it is played, they decide the same.</summary>
/// <param name="Name">Of the rollout.</param>
/// <param name="Verdict">The query of its last analysis: <c>good</c>, or <c>bad</c> for one that fails.</param>
/// <param name="Decide">What somebody decides when the rollout has this status; null nothing.</param>
/// <param name="End">The status that is the end.</param>
public sealed record Scenario(string Name, string Verdict, Func<RolloutStatus, Command?> Decide, Predicate<RolloutStatus> End)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(40);

    public static IReadOnlyList<Scenario> All { get; } =
    [
        new("promoted", "good", Answer(Command.Promote), s => s.Outcome is not null),
        new("rolled-back", "bad", Answer(Command.Promote), s => s.Outcome is not null),
        new("aborted", "good", Answer(Command.Abort), s => s.Outcome is not null),
        new(
            "retried",
            "good",
            s => s switch
            {
                { Outcome: RolloutOutcome.Aborted } => Command.Retry,
                { Question: not null, Attempt: 1 } => Command.Abort,
                { Question: not null } => Command.Promote,
                _ => null,
            },
            s => s is { Attempt: 2, Outcome: not null }),
    ];

    public async Task PlayAsync(EmbeddedEngine engine, CancellationToken cancellationToken)
    {
        StartResult started = await engine.StartAsync(Release(), "crash host", cancellationToken);
        string id = started.Status?.Id ?? throw new InvalidOperationException($"{Name}: {started}");
        await foreach (RolloutStatus status in engine.WatchAsync(id, cancellationToken))
        {
            if (End(status))
            {
                return;
            }

            if (Decide(status) is { } command)
            {
                Decision decision = new() { Id = $"{command}-{status.Attempt}", Command = command, By = "jo", At = TimeProvider.System.GetUtcNow() };
                await engine.DecideAsync(id, decision, cancellationToken);
            }
        }
    }

    private static Func<RolloutStatus, Command?> Answer(Command command) => s => s.Question is null ? null : command;

    private Release Release() => new()
    {
        Name = Name,
        Namespace = "shop",
        Digest = "0123456789abcdef",
        Target = new TrafficTarget
        {
            Namespace = "shop",
            RolloutName = Name,
            StableService = $"{Name}-stable",
            CanaryService = $"{Name}-canary",
            Nginx = new NginxRouting { StableIngresses = [Name] },
        },
        Steps =
        [
            new SetHeaderRouteStep("internal", [new HeaderMatch("X-Internal", HeaderMatchKind.Exact, "canary")]),
            new SetWeightStep(5),
            new PauseStep(Pause),
            new AnalysisStep([new TemplateReference("good", false)], []),
            new SetWeightStep(25),
            new PauseStep(Pause),
            new SetWeightStep(40),
            new AnalysisStep([new TemplateReference("good", false)], []),
            new SetWeightStep(50),
            new PauseStep(null),
            new SetWeightStep(60),
            new AnalysisStep([new TemplateReference(Verdict, false)], []),
            new SetWeightStep(80),
            new PauseStep(Pause),
            new SetWeightStep(100),
        ],
        Templates = new Dictionary<string, AnalysisTemplate> { ["good"] = Template("good"), ["bad"] = Template("bad") },
    };

    private static AnalysisTemplate Template(string query) => new()
    {
        Name = query,
        Metrics =
        [
            new MetricTemplate
            {
                Name = query,
                Interval = "20ms",
                Count = "3",
                SuccessCondition = "result[0] <= 0.01",
                Prometheus = new PrometheusQuery { Query = query },
            },
        ],
    };
}
