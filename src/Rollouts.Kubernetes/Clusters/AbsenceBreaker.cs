using Polly;
using Polly.CircuitBreaker;

namespace Rollouts.Kubernetes.Clusters;

/// <summary>
/// Stops asking a cluster that does not answer, so that its rollouts do not keep the places of others busy with waiting: when hardly one of at least
/// five requests within half a minute was answered, requests fail at once, and every five seconds one is let through to find out. Any answer counts, an
/// error too.
/// </summary>
internal sealed class AbsenceBreaker(TimeProvider time) : DelegatingHandler
{
    private readonly ResiliencePipeline<HttpResponseMessage> pipeline = new ResiliencePipelineBuilder<HttpResponseMessage> { TimeProvider = time }
        .AddCircuitBreaker(new()
        {
            FailureRatio = 0.9,
            MinimumThroughput = 5,
            SamplingDuration = TimeSpan.FromSeconds(30),
            BreakDuration = TimeSpan.FromSeconds(5),
            // Nobody cancels a request that is being answered: it was given up, for its time limit or for a decision that waited for it.
            ShouldHandle = static attempt => ValueTask.FromResult(attempt.Outcome.Exception is HttpRequestException or OperationCanceledException),
        })
        .Build();

    /// <inheritdoc/>
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        try
        {
            return await pipeline.ExecuteAsync(async token => await base.SendAsync(request, token).ConfigureAwait(false), cancellationToken).ConfigureAwait(false);
        }
        catch (BrokenCircuitException broken)
        {
            throw new HttpRequestException("the cluster did not answer the last requests and is asked again within seconds", broken.InnerException);
        }
    }
}
