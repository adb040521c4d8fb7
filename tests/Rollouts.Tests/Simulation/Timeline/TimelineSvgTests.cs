using System.Globalization;
using System.Xml.Linq;
using Rollouts.Analysis;
using Rollouts.Journal;
using Rollouts.Machine;
using Rollouts.Policy;
using Rollouts.Simulation;
using Rollouts.Simulation.Timeline;
using Rollouts.Tests.Machine;

namespace Rollouts.Tests.Simulation.Timeline;

public sealed class TimelineSvgTests
{
    private static readonly XNamespace Svg = "http://www.w3.org/2000/svg";

    [Fact]
    public void Draw_Rollout_HasWeightsMeasurementsAndDecisions()
    {
        SimulationResult result = RolloutSimulator.Run(
            Releases.Article(metric: Releases.Single with { Interval = "1m", Count = "4", FailureLimit = "1", FailureCondition = "result[0] > 0.05" }),
            MetricSeries.Parse("""{"error-rate": [[0.004], [0.03], [0.004], [0.2], {"error": "away"}, [0.004]]}"""),
            [new(TimeSpan.FromSeconds(500), Command.Promote, "jo", "fine with me")]);

        XElement svg = Draw(result);

        Assert.Equal("img", svg.Attribute("role")!.Value);
        Assert.Equal("title description", svg.Attribute("aria-labelledby")!.Value);
        Assert.Equal("shop/web: Promoted after 18m20s", svg.Element(Svg + "title")!.Value);
        Assert.Contains("5 at 0s, 25 at 8m20s, 100 at 18m20s", svg.Element(Svg + "desc")!.Value, StringComparison.Ordinal);
        Assert.Contains("prefers-color-scheme:dark", svg.Element(Svg + "style")!.Value, StringComparison.Ordinal);
        Assert.Equal(["5", "25", "100"], Of(svg, "text", "value").Select(t => t.Value).Concat(Of(svg, "text", "value end").Select(t => t.Value)));
        // One of each in the legend.
        Assert.Equal(result.Measurements.Count(m => m.Phase == MeasurementPhase.Successful), Of(svg, "circle", "good").Length - 1);
        Assert.Equal(result.Measurements.Count(m => m.Phase == MeasurementPhase.Failed), Of(svg, "path", "bad").Length - 1);
        Assert.Equal(result.Measurements.Count(m => m.Phase == MeasurementPhase.Inconclusive), Of(svg, "path", "unclear").Length - 1);
        Assert.Equal(result.Measurements.Count(m => m.Phase == MeasurementPhase.Error), Of(svg, "rect", "error").Length - 1);
        Assert.Contains(Of(svg, "text", "line"), t => t.Value.Contains("promote by jo (fine with me)", StringComparison.Ordinal));
        Assert.Contains(Of(svg, "text", "line"), t => t.Value.Contains("QuestionAsked", StringComparison.Ordinal));
        Assert.NotEmpty(Of(svg, "rect", "phase-paused"));
        Assert.NotEmpty(Of(svg, "rect", "phase-healthy"));
    }

    [Theory]
    [InlineData(2)]
    [InlineData(10)]
    [InlineData(40)]
    public void Draw_ManyDecisionsAtOnce_NothingCoversAnything(int decisions)
    {
        SimulationResult result = RolloutSimulator.Run(
            Releases.Article(),
            MetricSeries.Empty,
            [.. Enumerable.Range(0, decisions).Select(i => new SimulatedDecision(TimeSpan.FromSeconds(100 + i), i % 2 == 0 ? Command.Retry : Command.Resume, "jo"))]);

        XElement svg = Draw(result);

        XElement[] numbers = [.. svg.Elements(Svg + "circle").Where(c => c.Attribute("class")!.Value.StartsWith("number", StringComparison.Ordinal))];
        Assert.True(numbers.Length >= Math.Min(decisions, 24) * 2);
        for (int i = 0; i < numbers.Length; i++)
        {
            for (int j = 0; j < i; j++)
            {
                double apart = Math.Sqrt(Math.Pow(Read(numbers[i], "cx") - Read(numbers[j], "cx"), 2) + Math.Pow(Read(numbers[i], "cy") - Read(numbers[j], "cy"), 2));
                Assert.True(apart >= 16, $"numbers {j} and {i} are {apart} apart");
            }
        }

        Assert.All(numbers, n => Assert.InRange(Read(n, "cy"), 8, Read(svg, "height") - 8));
        if (decisions > 24)
            Assert.Contains(Of(svg, "text", "label"), t => t.Value.Contains("more between them, which the text timeline has", StringComparison.Ordinal));
    }

    [Fact]
    public void Draw_QuestionOpenForADay_LeavesTheRestItsRoom()
    {
        SimulationResult result = RolloutSimulator.Run(Releases.Article(), MetricSeries.Parse("""{"error-rate": [[0.03]]}"""), []);
        Assert.Equal(RolloutOutcome.Aborted, result.Outcome);

        XElement svg = Draw(result);

        Assert.Single(Of(svg, "path", "break"));
        double[] ticks = [.. Of(svg, "text", "label middle").Select(t => Read(t, "x")).Order()];
        Assert.All(ticks.Zip(ticks.Skip(1)), t => Assert.True(t.Second - t.First >= 50, $"{t.First} and {t.Second}"));
        double analysis = Read(Of(svg, "path", "unclear")[0].Attribute("d")!.Value.TrimStart('M').Split(' ')[0]);
        Assert.InRange(analysis, 400, 950);
    }

    [Fact]
    public void Draw_HostileTexts_IsWellFormed()
    {
        const string Hostile = "</text><script>alert(1)</script> & \" \u0000 \u001b[31m \ud83d \uffff 😀";
        var result = new SimulationResult(
            RolloutOutcome.RolledBack, RolloutPhase.Degraded, 10, Hostile, [new(1, EventType.QuestionAsked, 0, 5, Hostile)])
        {
            Weights = [new(0, 0), new(1, 5)],
            Phases = [new(0, RolloutPhase.Progressing)],
            Measurements = [new(1, "run", Hostile, MeasurementPhase.Error, Hostile, Hostile)],
        };

        XElement svg = Draw(result, Hostile);

        Assert.Empty(svg.Descendants(Svg + "script"));
        Assert.Contains("<script>", svg.Element(Svg + "title")!.Value, StringComparison.Ordinal);
    }

    [Fact]
    public void Draw_NothingHappened_IsDrawn()
    {
        var result = new SimulationResult(null, RolloutPhase.Progressing, 0, "", []);

        Assert.Equal("shop/web: not ended after 0s", Draw(result).Element(Svg + "title")!.Value);
    }

    [Fact]
    public void Draw_ThousandsOfMeasurements_IsSmall()
    {
        SimulationResult result = RolloutSimulator.Run(
            Releases.Article(RolloutPolicy.Default, Releases.Single with { Interval = "10s", Count = "3600" }),
            MetricSeries.Parse("""{"error-rate": [[0.001]]}"""),
            []);

        Assert.InRange(TimelineSvg.Draw(result, "web").Length, 10_000, 100_000);
    }

    private static XElement Draw(SimulationResult result, string name = "shop/web") => XDocument.Parse(TimelineSvg.Draw(result, name)).Root!;

    private static XElement[] Of(XElement svg, string name, string style) =>
        [.. svg.Elements(Svg + name).Where(e => e.Attribute("class")?.Value == style)];

    private static double Read(XElement element, string attribute) => Read(element.Attribute(attribute)!.Value);

    private static double Read(string number) => double.Parse(number, CultureInfo.InvariantCulture);
}
