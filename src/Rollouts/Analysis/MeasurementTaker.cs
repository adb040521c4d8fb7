using Rollouts.Analysis.Arguments;
using Rollouts.Analysis.Expressions;
using Rollouts.Policy;

namespace Rollouts.Analysis;

/// <summary>
/// Takes measurements: fills in what comes from secrets, asks the provider, judges the answer, and lets no secret out again.
/// </summary>
/// <param name="prometheus">Answers Prometheus' metrics.</param>
/// <param name="time">For time-outs and the times of measurements.</param>
public sealed class MeasurementTaker(IMetricProvider prometheus, TimeProvider time)
{
    private static readonly TimeSpan SecretsTimeout = TimeSpan.FromSeconds(30);

    /// <summary>Answers metrics of web services. Null: such metrics can't be measured here.</summary>
    public IWebMetricProvider? Web { get; init; }

    /// <summary>Reads secrets. Null: metrics that need one can't be measured here.</summary>
    public ISecretSource? Secrets { get; init; }

    /// <summary>Takes one measurement. Whatever goes wrong is a measurement too.</summary>
    /// <exception cref="OperationCanceledException">Only when <paramref name="cancellationToken"/> was cancelled.</exception>
    public async Task<Measurement> TakeAsync(Metric metric, CancellationToken cancellationToken)
    {
        DateTimeOffset startedAt = time.GetUtcNow();
        var redaction = new Redaction();
        MetricAnswer? answer = null;
        string? failure = null;
        try
        {
            Metric filled = metric.Secrets is { } secrets
                ? await WithinAsync(SecretsTimeout, limit => FillAsync(metric, secrets, redaction, limit), cancellationToken).ConfigureAwait(false)
                : metric;
            if (metric.Minimum is { } minimum && await TooFewAsync(minimum, cancellationToken).ConfigureAwait(false) is { } tooFew)
            {
                return new Measurement
                {
                    StartedAt = startedAt,
                    FinishedAt = time.GetUtcNow(),
                    Phase = MeasurementPhase.Error,
                    Message = tooFew,
                    NoData = true,
                };
            }

            TimeSpan timeout = TimeSpan.FromSeconds((filled.Web?.TimeoutSeconds ?? filled.Prometheus?.TimeoutSeconds ?? 0) + 1);
            answer = await WithinAsync(timeout, limit => AskAsync(filled, limit), cancellationToken).ConfigureAwait(false);
        }
        catch (PortException refused)
        {
            failure = refused.Message;
        }
        catch (Exception fault) when (fault is not OperationCanceledException && !redaction.IsEmpty)
        {
            // Its text may hold what was sent, and nothing vouches for it.
            failure = $"unexpected {fault.GetType().Name}";
        }

        return Warned(MetricVerdict.Judge(metric, answer?.Value, failure, startedAt, time.GetUtcNow(), redaction), answer, redaction);
    }

    /// <summary>What is missing to the requests that a measurement needs; null when nothing is.</summary>
    private async Task<string?> TooFewAsync(RequestMinimum minimum, CancellationToken cancellationToken)
    {
        TimeSpan timeout = TimeSpan.FromSeconds(minimum.Query.TimeoutSeconds + 1);
        MetricAnswer answer = await WithinAsync(timeout, limit => prometheus.QueryAsync(minimum.Query, limit), cancellationToken).ConfigureAwait(false);
        double count = answer.Value switch
        {
            ScalarValue { Value: var value } when !double.IsNaN(value) => value,
            VectorValue { Values: var values } => values.Where(v => !double.IsNaN(v)).Sum(),
            _ => 0,
        };
        return minimum.Missing(count);
    }

    private static Measurement Warned(Measurement measurement, MetricAnswer? answer, Redaction redaction) => answer is { Warnings.Count: > 0 }
        ? measurement with
        {
            Message = $"{(measurement.Message is { } said ? said + "; " : "")}Prometheus warns: {redaction.CleanCut(string.Join("; ", answer.Warnings))}",
        }
        : measurement;

    private Task<MetricAnswer> AskAsync(Metric metric, CancellationToken cancellationToken) => metric switch
    {
        { Prometheus: { } query } => prometheus.QueryAsync(query, cancellationToken),
        { Web: { } query } when Web is not null => Web.QueryAsync(query, cancellationToken),
        { Web: not null } => throw new PortException(
            FailureKind.Invalid, "no web service may be asked here: the operator lists those that may in Web:Addresses (on the command line --web)"),
        _ => throw new PortException(FailureKind.Invalid, "the metric has no provider"),
    };

    private async Task<Metric> FillAsync(Metric metric, MetricSecrets secrets, Redaction redaction, CancellationToken cancellationToken)
    {
        if (Secrets is null)
        {
            throw new PortException(FailureKind.Invalid, "no secrets are read here, and the metric needs one");
        }

        var values = new Dictionary<string, string>(secrets.Values, StringComparer.Ordinal);
        foreach ((string argument, SecretReference reference) in secrets.References)
        {
            string value = await Secrets.ReadAsync(new(secrets.Namespace, secrets.Cluster), reference, cancellationToken).ConfigureAwait(false);

            // Files that secrets are made of end with a line break, which is part of no credential.
            values[argument] = value.TrimEnd('\r', '\n');
            redaction.Add(values[argument]);
        }

        var problems = new List<ArgumentProblem>();
        var fields = new MetricFilling("", metric.Name, values, problems) { Only = secrets.Fields };
        Metric filled = metric with
        {
            Prometheus = metric.Prometheus is { } query ? ProviderFilling.Fill(fields, query) : null,
            Web = metric.Web is { } web ? ProviderFilling.Fill(fields, web) : null,
            Secrets = null,
        };
        return problems.Count == 0 ? filled : throw new PortException(FailureKind.Invalid, string.Join("; ", problems.Select(p => p.Message)));
    }

    private async Task<T> WithinAsync<T>(TimeSpan timeout, Func<CancellationToken, Task<T>> work, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            return await work(either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new PortException(FailureKind.Transient, $"no answer within {Math.Max(1, timeout.TotalSeconds - 1):0} s");
        }
    }
}
