using System.Globalization;
using System.Xml.Linq;
using Rollouts.Journal;

namespace Rollouts.Simulation.Timeline;

/// <summary>
/// Decisions, questions, verdicts and what failed: a line through the drawing with a number on top, and what happened beside the number below the drawing.
/// Numbers that would cover each other stand in lanes.
/// </summary>
internal sealed class EventMarks
{
    public const double LaneHeight = 20;

    public const double LineHeight = 18;

    private const double Radius = 8;

    private const int MostEvents = 24;

    private const int MostLetters = 150;

    private static readonly HashSet<string> Shown =
    [
        EventType.QuestionAsked, EventType.QuestionWithdrawn, EventType.QuestionExpired, EventType.DecisionApplied, EventType.DecisionRejected,
        EventType.ContinuedByPolicy, EventType.RolloutAborted, EventType.RolloutRetry, EventType.RolloutCompleted, EventType.RolloutInvalid,
        EventType.AnalysisRunFailed, EventType.AnalysisRunError, EventType.AnalysisRunInconclusive, EventType.EffectFailing, EventType.EffectRecovered,
        EventType.ScheduleClosed, EventType.BakeStarted, EventType.SkipSteps, EventType.ProgressDeadlineExceeded, EventType.ExperimentRunning,
        EventType.RolloutRestarted, EventType.RolloutHalted,
    ];

    private readonly List<(SimulatedEvent Event, double X, int Lane)> marks = [];
    private readonly int left;

    public EventMarks(SimulationResult result, TimeScale time)
    {
        SimulatedEvent[] shown = [.. WithoutRepetition(result.Events.Where(e => Shown.Contains(e.Type) || IsByHand(e)))];
        left = Math.Max(0, shown.Length - MostEvents);
        var ends = new List<double>();
        foreach (SimulatedEvent happened in left == 0 ? shown : [.. shown.Take(MostEvents / 2), .. shown.TakeLast(MostEvents / 2)])
        {
            double x = time.At(happened.At);
            int lane = ends.FindIndex(end => end < x - Radius);
            if (lane < 0)
            {
                lane = ends.Count;
                ends.Add(0);
            }

            ends[lane] = x + Radius + 2;
            marks.Add((happened, x, lane));
        }

        Lanes = ends.Count;
    }

    public int Lanes { get; }

    /// <summary>How high the list below is.</summary>
    public double ListHeight => (marks.Count + (left > 0 ? 1 : 0)) * LineHeight;

    public IEnumerable<XElement> DrawLines(double top, double plotTop, double bottom)
    {
        foreach ((SimulatedEvent happened, double x, _) in marks.Where(m => m.Lane == 0))
            yield return Svg.Line($"event {Style(happened.Type)}", x, plotTop - LaneHeight + Radius, x, bottom);
        for (int i = 0; i < marks.Count; i++)
        {
            (SimulatedEvent happened, double x, int lane) = marks[i];
            double y = top + ((Lanes - 1 - lane) * LaneHeight) + Radius;
            if (lane > 0 && marks.All(m => m.Lane != 0 || m.X != x))
                yield return Svg.Line($"event {Style(happened.Type)}", x, y + Radius, x, bottom);
            yield return Svg.Element("circle", $"number {Style(happened.Type)}", ("cx", x), ("cy", y), ("r", Radius)).Titled(Describe(happened));
            yield return Svg.Text("digit", x, y + 3.5, (i + 1).ToString(CultureInfo.InvariantCulture));
        }
    }

    public IEnumerable<XElement> DrawList(double x, double top)
    {
        double y = top;
        for (int i = 0; i < marks.Count; i++, y += LineHeight)
        {
            SimulatedEvent happened = marks[i].Event;
            yield return Svg.Element("circle", $"number {Style(happened.Type)}", ("cx", x + Radius), ("cy", y - 4), ("r", Radius));
            yield return Svg.Text("digit", x + Radius, y - 0.5, (i + 1).ToString(CultureInfo.InvariantCulture));
            yield return Svg.Text("label end", x + 92, y, GoDuration.Format(TimeSpan.FromSeconds(happened.At)));
            yield return Svg.Text("line", x + 102, y, Svg.Short(Describe(happened), MostLetters)).Titled(Describe(happened));
        }

        if (left > 0)
            yield return Svg.Text("label", x + 102, y, $"and {left} more between them, which the text timeline has");
    }

    private static bool IsByHand(SimulatedEvent happened) =>
        happened is { Type: EventType.RolloutPaused or EventType.RolloutResumed, By: not null };

    // Measuring goes on while a question is open and comes to the same verdict again and again.
    private static IEnumerable<SimulatedEvent> WithoutRepetition(IEnumerable<SimulatedEvent> events)
    {
        bool isOpen = false;
        foreach (SimulatedEvent happened in events)
        {
            if (isOpen && happened.Type == EventType.AnalysisRunInconclusive)
                continue;
            isOpen = happened.Type == EventType.QuestionAsked || (isOpen && happened.Type is EventType.DecisionRejected or EventType.EffectFailing or EventType.EffectRecovered);
            yield return happened;
        }
    }

    private static string Describe(SimulatedEvent happened) => $"{happened.Type}: {happened.Message}";

    private static string Style(string type) => type switch
    {
        EventType.QuestionAsked or EventType.QuestionWithdrawn or EventType.QuestionExpired or EventType.AnalysisRunInconclusive or EventType.ScheduleClosed => "asks",
        EventType.RolloutAborted or EventType.RolloutInvalid or EventType.AnalysisRunFailed or EventType.AnalysisRunError or EventType.EffectFailing
            or EventType.ProgressDeadlineExceeded or EventType.RolloutHalted => "fails",
        _ => "decides",
    };
}
