using System.Globalization;
using Rollouts.Manifests.Kinds;

namespace Rollouts.Manifests.Checks;

/// <summary>
/// Checks a metric with its arguments filled in: that every text can be resolved, that limits fit together (by Argo's rules and in its words,
/// <c>ValidateMetric</c> in <c>utils/analysis/factory.go</c>), and that they can be reached.
/// </summary>
internal sealed class MetricChecks
{
    private readonly LocatedMetric metric;
    private readonly ProblemList problems;
    private readonly Dictionary<string, FilledText> filled = [];

    private MetricChecks(LocatedMetric metric, IReadOnlyDictionary<string, string?> args, ProblemList problems)
    {
        this.metric = metric;
        this.problems = problems;
        foreach (LocatedText text in metric.Texts)
        {
            if (Placeholders.Fill(text, args, problems) is { } value)
                filled.TryAdd(text.Field, value);
        }
    }

    /// <returns>True when the metric takes measurements without end.</returns>
    public static bool Check(LocatedMetric metric, IReadOnlyDictionary<string, string?> args, ProblemList problems)
    {
        var checks = new MetricChecks(metric, args, problems);
        checks.CheckDuration("interval", "invalid interval string", mayBeZero: false);
        checks.CheckDuration("initialDelay", "invalid startDelay string", mayBeZero: true);
        checks.CheckAddress();
        checks.WarnWithoutConditions();
        return checks.CheckLimits();
    }

    private void CheckDuration(string field, string problem, bool mayBeZero)
    {
        if (Known(field) is not { } text)
            return;
        if (!GoDuration.TryParse(text, out TimeSpan duration))
            Report(field, $"{problem}: {Shown.Text(text)} is no Go duration such as 30s, 5m, 1h30m");
        else if (duration < TimeSpan.Zero || (duration == TimeSpan.Zero && !mayBeZero))
            Report(field, $"{problem}: {Shown.Text(text)} must be {(mayBeZero ? "0s or longer" : "longer than 0s")}");
        else if (duration.TotalSeconds > int.MaxValue)
            Report(field, $"{problem}: {Shown.Text(text)} is too long");
    }

    private void CheckAddress()
    {
        if (Known("address") is not { } address || metric.Text("address") is not { } text)
            return;
        if (!Uri.TryCreate(address, UriKind.Absolute, out Uri? uri) || uri.Scheme is not ("http" or "https") || uri.Host.Length == 0)
            problems.Error(text.Place, "must be an http or https URL such as http://prometheus:9090");
        else if (uri.UserInfo.Length > 0)
            problems.Error(text.Place, "holds credentials, which belong to the operator's configuration of the address; remove them");
        else if (uri.Query.Length > 0 || uri.Fragment.Length > 0)
            problems.Error(text.Place, "must end with the path; a query or fragment is not supported");
    }

    private void WarnWithoutConditions()
    {
        if (metric.Metric.SuccessCondition is null && metric.Metric.FailureCondition is null)
            problems.Warning(metric.Place, "has neither successCondition nor failureCondition, so every measurement succeeds, as in Argo");
    }

    private bool CheckLimits()
    {
        int? count = Number("count", 0);
        int? failures = Number("failureLimit", 0);
        int? inconclusive = Number("inconclusiveLimit", 0);
        int? errors = Number("consecutiveErrorLimit", 4);
        int? successes = Number("consecutiveSuccessLimit", 0);
        bool hasInterval = metric.Metric.Interval is not null;
        if (successes < 0)
            Report("consecutiveSuccessLimit", "consecutiveSuccessLimit must be >= 0");
        if (failures < -1)
            Report("failureLimit", "failureLimit must be >= 0, or -1 to be disabled");
        if (failures == -1 && successes == 0)
            Report("failureLimit", "failureLimit and consecutiveSuccessLimit cannot both be disabled");
        if (inconclusive < 0)
            Report("inconclusiveLimit", "inconclusiveLimit must be >= 0");
        if (errors < 0)
            Report("consecutiveErrorLimit", "consecutiveErrorLimit must be >= 0");
        if (count < 0)
            Report("count", "count must be >= 0");
        if (count > 1 && !hasInterval)
            Report("count", "interval must be specified when count > 1");
        if (count > 0)
            CheckAgainstCount(count.Value, failures, inconclusive, successes);
        if (count == 1 || (count == 0 && !hasInterval))
            WarnOfUnreachable(1, failures, inconclusive, successes);
        else if (count > 1 && hasInterval)
            WarnOfUnreachable(count.Value, failures, inconclusive, successes);
        return count <= 0 && hasInterval;
    }

    private void CheckAgainstCount(int count, int? failures, int? inconclusive, int? successes)
    {
        if (failures >= 0 && successes >= 0 && count < (long)failures.Value + successes.Value)
            Report("count", $"count ({count}) must be >= failureLimit + consecutiveSuccessLimit ({failures} + {successes}) if both >= 0");
        if (failures == -1 && count < successes)
            Report("count", "count must be >= consecutiveSuccessLimit");
        if (count < inconclusive)
            Report("count", "count must be >= inconclusiveLimit");
    }

    // Argo takes these: a limit that so few measurements can't exceed.
    private void WarnOfUnreachable(int measurements, int? failures, int? inconclusive, int? successes)
    {
        string takes = measurements == 1 ? "takes one measurement" : $"takes {measurements} measurements";
        string cure = measurements == 1 ? "set interval and count" : "set a higher count or a lower limit";
        bool countGiven = metric.Text("count") is not null;
        if (failures >= measurements && (!countGiven || failures == measurements))
            Warn("failureLimit", $"{takes}, so failureLimit {failures} can never be exceeded and the metric can't fail; {cure}");
        if (inconclusive >= measurements && (!countGiven || inconclusive == measurements))
            Warn("inconclusiveLimit", $"{takes}, so inconclusiveLimit {inconclusive} can never be exceeded and an inconclusive metric passes; {cure}");
        if (!countGiven && successes > measurements)
            Warn("consecutiveSuccessLimit", $"{takes}, so consecutiveSuccessLimit {successes} can never be reached and the metric can't succeed; {cure}");
    }

    /// <returns>Null when the number is not known or is none.</returns>
    private int? Number(string field, int whenMissing)
    {
        if (metric.Text(field) is not { Value.Length: > 0 } text)
            return whenMissing;
        if (Known(field) is not { } value)
            return null;
        if (int.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int number))
            return number;
        problems.Error(text.Place, $"must be a whole number; found the text {Shown.Text(value)}");
        return null;
    }

    private string? Known(string field) => filled.GetValueOrDefault(field) is { IsKnown: true, Text: { Length: > 0 } text } ? text : null;

    private void Report(string field, string message) => problems.Error(metric.At(field), message);

    private void Warn(string field, string message) => problems.Warning(metric.Text(field)?.Place ?? metric.Place, message);
}
