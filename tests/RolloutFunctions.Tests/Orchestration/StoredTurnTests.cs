using System.Security.Cryptography;
using RolloutFunctions.Orchestration;
using Rollouts;
using Rollouts.Analysis;
using Rollouts.Embedded.Tests;
using Rollouts.Journal;
using Rollouts.Machine;
using Rollouts.Manifests;
using Rollouts.Steps;
using Rollouts.Traffic;

namespace RolloutFunctions.Tests.Orchestration;

public sealed class StoredTurnTests
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Write_ThenRead_IsTheSameTurn()
    {
        Turn turn = RolloutMachine.Start(Releases.Article, Releases.Article.Id(), "jo", Noon);

        Turn read = StoredTurn.Read(StoredTurn.Write(turn));

        Assert.Equal(StoredTurn.Write(turn), StoredTurn.Write(read));
    }

    [Theory]
    [InlineData("")]
    [InlineData("gz:AAAA")]
    public void Read_AnotherForm_IsRefused(string text) => Assert.Throws<InvalidDataException>(() => StoredTurn.Read(text));

    /// <summary>
    /// The largest release that is taken, every metric of it measured ten times and more with values that nothing makes shorter, while the journal is away.
    /// </summary>
    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    [InlineData(12)]
    [InlineData(30)]
    public void Write_LargestReleaseAfterManyLongMeasurements_StaysBelowTwentyThousandCharacters(int metrics)
    {
        Release release = LargestTaken(metrics);
        Turn turn = RolloutMachine.Start(release, release.Id(), "jo", Noon);
        DateTimeOffset now = Noon;
        int measured = 0;
        int longest = 0;
        while (measured < 25 * metrics && now < Noon.AddDays(1))
        {
            List<Observation> seen = [];
            foreach (Effect effect in turn.Effects)
            {
                measured += effect is TakeMeasurement ? 1 : 0;
                seen.Add(Answer(effect, now));
            }

            now = turn.WakeAt is { } due && due > now ? due : now.AddSeconds(1);
            turn = RolloutMachine.Advance(turn.Rollout, seen, now);
            longest = Math.Max(longest, StoredTurn.Write(turn).Length);
        }

        Assert.InRange(measured, 25 * metrics, int.MaxValue);
        Assert.InRange(longest, StoredTurn.LongestAtStart / 2, 20_000);
    }

    private static Observation Answer(Effect effect, DateTimeOffset now) => effect switch
    {
        InspectWorkload => new WorkloadInspected("stable", "canary"),
        ClaimTarget => new TargetClaimed(TrafficSplit.None),
        RouteTraffic route => new TrafficRouted(route.Split, route.Revision),
        InspectTraffic look => new TrafficInspected(look.Written, look.Revision),
        AppendJournal => new EffectFailed(effect, FailureKind.Transient, "no answer"),
        TakeMeasurement take => new MeasurementTaken(take.Run, take.Metric.Name, take.Number, new Measurement
        {
            StartedAt = now,
            FinishedAt = now.AddMilliseconds(RandomNumberGenerator.GetInt32(900)),
            Phase = MeasurementPhase.Successful,
            Value = RandomNumberGenerator.GetHexString(1_000),
            Message = RandomNumberGenerator.GetHexString(400),
        }),
        _ => throw new ArgumentOutOfRangeException(nameof(effect), effect.GetType().Name, "not expected here"),
    };

    /// <summary>A release whose queries fill what may be stored at the start, and no more.</summary>
    private static Release LargestTaken(int metrics)
    {
        int queries = 18_000 / metrics;
        Release release;
        do
        {
            queries = queries * 95 / 100;
            release = Releases.Measuring("large") with { Templates = Templates(metrics, queries) };
        }
        while (StoredTurn.Write(RolloutMachine.Start(release, release.Id(), "jo", Noon)).Length > StoredTurn.LongestAtStart);

        return release;
    }

    private static Dictionary<string, AnalysisTemplate> Templates(int metrics, int characters) => new()
    {
        ["error-rate"] = new()
        {
            Name = "error-rate",
            Metrics =
            [
                .. Enumerable.Range(0, metrics).Select(i => new MetricTemplate
                {
                    Name = $"m{i}",
                    Interval = "30s",
                    Count = "100",
                    SuccessCondition = "result[0] <= 0.01",
                    Prometheus = new PrometheusQuery { Query = $"sum(rate(requests{{hash=\"{RandomNumberGenerator.GetHexString(characters)}\"}}[1m]))" },
                }),
            ],
        },
    };
}
