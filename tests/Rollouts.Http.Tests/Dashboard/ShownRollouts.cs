using Rollouts.Analysis;
using Rollouts.Engine;
using Rollouts.Journal;
using Rollouts.Machine;
using Rollouts.Manifests;
using Rollouts.Workloads;

namespace Rollouts.Http.Tests.Dashboard;

/// <summary>Rollouts in the states that a page has to be able to show.</summary>
internal sealed class ShownRollouts : IRolloutEngine
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 20, 12, 0, 0, TimeSpan.Zero);
    private static readonly string[] Steps = ["setHeaderRoute: internal", "pause: 5m", "setWeight: 5", "pause: 5m", "analysis: error-rate, p99-latency", "setWeight: 25", "pause: 10m", "setWeight: 100"];

    public static RolloutStatus Asking { get; } = Status("checkout", RolloutPhase.Paused) with
    {
        Step = 4,
        Weight = 5,
        DesiredWeight = 5,
        WaitingFor = WaitingFor.Decision,
        Message = "metric \"error-rate\" assessed Inconclusive due to inconclusive (1) > inconclusiveLimit (0)",
        HeaderRoutes = ["internal"],
        Otherwise = "without an answer the policy rolls back at 2026-03-21 12:00 UTC",
        Question = new Question("q1", QuestionKind.Inconclusive, Noon.AddMinutes(12), Noon.AddHours(24), "metric \"error-rate\" assessed Inconclusive: 0.032 is neither <= 0.01 nor > 0.05"),
        Analysis = new AnalysisStatus("run-1", MeasurementPhase.Inconclusive, "metric \"error-rate\" assessed Inconclusive", [ErrorRate("error-rate", 0.008, 0.024, 0.032), ErrorRate("error-rate-stable", 0.002, 0.003, 0.002), Latency]),
    };

    public static RolloutStatus Pausing { get; } = Status("search", RolloutPhase.Paused) with
    {
        Step = 3,
        Weight = 5,
        DesiredWeight = 5,
        WaitingFor = WaitingFor.Pause,
        Message = "pause: 5m",
        NextChangeAt = Noon.AddYears(50),
        Analysis = new AnalysisStatus("run-1", MeasurementPhase.Successful, null, [Latency]),
        Background = new AnalysisStatus("run-2", MeasurementPhase.Running, null, [ErrorRate("error-rate", 0.004, 0.006)]),
        Workload = new WorkloadStatus("3", new RoleStatus("2", 10, 10, null), new RoleStatus("3", 1, 2, "pod search-canary-1 can't pull its image")),
    };

    public static RolloutStatus RolledBack { get; } = Status("a-service-with-a-name-that-is-really-rather-long-for-a-phone", RolloutPhase.Degraded) with
    {
        Step = 4,
        Outcome = RolloutOutcome.RolledBack,
        FinishedAt = Noon.AddMinutes(13),
        Message = "Step-based analysis phase error/failed: Metric \"error-rate\" assessed Failed due to failed (3) > failureLimit (2)",
        Analysis = new AnalysisStatus("run-1", MeasurementPhase.Failed, "Metric \"error-rate\" assessed Failed", [ErrorRate("error-rate", 0.08, 0.11, 0.14)]),
    };

    public static RolloutStatus Promoted { get; } = Status("cart", RolloutPhase.Healthy) with
    {
        Step = 8,
        Weight = 100,
        DesiredWeight = 100,
        Outcome = RolloutOutcome.Promoted,
        FinishedAt = Noon.AddMinutes(31),
        Message = "Rollout completed: the canary has weight 100 of 100",
        Workload = new WorkloadStatus("8", new RoleStatus("8", 10, 10, null), null),
    };

    public static RolloutStatus LatePods { get; } = Status("payments", RolloutPhase.Degraded) with
    {
        Step = 2,
        WaitingFor = WaitingFor.Readiness,
        DesiredWeight = 5,
        Message = "the canary did not become available within 10m: ImagePullBackOff: payments:1.4.1",
        Workload = new WorkloadStatus("5", new RoleStatus("4", 6, 6, null), new RoleStatus("5", 0, 1, "ImagePullBackOff: payments:1.4.1")),
    };

    public static IReadOnlyList<RolloutStatus> All { get; } = [Asking, Pausing, RolledBack, Promoted, LatePods];

    private static MetricStatus Latency => new()
    {
        Name = "p99-latency",
        Phase = MeasurementPhase.Successful,
        Count = 1,
        Successful = 1,
        SuccessCondition = "result[0] < 0.4",
        Measurements = [new Measurement { StartedAt = Noon.AddMinutes(11), FinishedAt = Noon.AddMinutes(11), Phase = MeasurementPhase.Successful, Value = "[0.213]" }],
    };

    public Task<StartResult> StartAsync(Release release, string startedBy, bool supersede, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<StartResult> UndoAsync(string id, UndoRequest undo, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<FormerVersions?> FormerAsync(string id, CancellationToken cancellationToken) => Task.FromResult<FormerVersions?>(new FormerVersions(
        [
            new FormerVersion("6f9c8d7b54", ["registry.example.com/shop/cart:2.3.9"], Noon.AddDays(-2)),
            new FormerVersion("54b8c6d9f7", ["registry.example.com/shop/cart:2.3.8", "registry.example.com/shop/proxy:1.17"], Noon.AddDays(-9)),
        ],
        null));

    public Task<RolloutStatus?> FindAsync(string id, CancellationToken cancellationToken) => Task.FromResult(All.FirstOrDefault(r => r.Id == id));

    public Task<IReadOnlyList<RolloutStatus>> ListAsync(int most, CancellationToken cancellationToken) => Task.FromResult(All);

    public Task<DecisionReceipt> DecideAsync(string id, Decision decision, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<IReadOnlyList<JournalRecord>?> ReadJournalAsync(string id, long after, int most, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<JournalRecord>?>([.. Journal(All.First(r => r.Id == id)).Where(r => r.Position > after)]);

    private static RolloutStatus Status(string name, RolloutPhase phase) => new()
    {
        Id = $"shop.{name}.0123456789",
        Name = name,
        Namespace = "shop",
        Phase = phase,
        Steps = Steps,
        Attempt = 1,
        StartedAt = Noon,
    };

    private static MetricStatus ErrorRate(string name, params double[] values) => new()
    {
        Name = name,
        Phase = values[^1] > 0.05 ? MeasurementPhase.Failed : values[^1] > 0.01 ? MeasurementPhase.Inconclusive : MeasurementPhase.Successful,
        Count = values.Length,
        Successful = values.Count(v => v <= 0.01),
        Failed = values.Count(v => v > 0.05),
        Inconclusive = values.Count(v => v is > 0.01 and <= 0.05),
        SuccessCondition = "result[0] <= 0.01",
        FailureCondition = "result[0] > 0.05",
        Measurements =
        [
            .. values.Select((v, i) => new Measurement
            {
                StartedAt = Noon.AddMinutes(10 + i),
                FinishedAt = Noon.AddMinutes(10 + i),
                Phase = v > 0.05 ? MeasurementPhase.Failed : v > 0.01 ? MeasurementPhase.Inconclusive : MeasurementPhase.Successful,
                Value = $"[{v}]",
            }),
        ],
    };

    private static IEnumerable<JournalRecord> Journal(RolloutStatus status)
    {
        JournalRecord Entry(int number, int minute, int weight, string type, string message) =>
            new(number, new JournalEntry { Number = number, At = Noon.AddMinutes(minute), Type = type, Weight = weight, Message = message }, null);

        yield return Entry(1, 0, 0, EventType.RolloutStarted, "Rollout started by pipeline: 8 steps");
        yield return Entry(2, 5, 5, EventType.TrafficWeightUpdated, "Traffic weight updated from 0 to 5");
        yield return Entry(3, 10, 5, EventType.AnalysisRunRunning, "Analysis run-1 begins: error-rate, p99-latency");
        yield return Entry(4, 12, 5, EventType.Measured, "error-rate = [0.032]: Inconclusive");
        if (status.Outcome == RolloutOutcome.Promoted)
        {
            yield return Entry(5, 14, 25, EventType.TrafficWeightUpdated, "Traffic weight updated from 5 to 25");
            yield return Entry(6, 29, 100, EventType.TrafficWeightUpdated, "Traffic weight updated from 25 to 100");
            yield return Entry(7, 31, 100, EventType.RolloutCompleted, status.Message);
        }
        else if (status.Outcome == RolloutOutcome.RolledBack)
        {
            yield return Entry(5, 13, 5, EventType.AnalysisRunFailed, "Analysis run-1 completed: Failed");
            yield return Entry(6, 13, 0, EventType.TrafficWeightUpdated, "Traffic weight updated from 5 to 0");
            yield return Entry(7, 13, 0, EventType.RolloutCompleted, status.Message);
        }
        else if (status.Question is not null)
        {
            yield return Entry(5, 12, 5, EventType.QuestionAsked, $"q1 (Inconclusive): {status.Question.Message}; promote goes on, abort rolls back");
            yield return new JournalRecord(6, null, new Decision { Id = "d", Command = Command.Pause, By = "<b>jo</b>", At = Noon.AddMinutes(13), Reason = "\"quotes\" & <script>alert(1)</script>" });
        }
    }
}
