using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Http.Resilience;
using Polly;
using Polly.Retry;
using Polly.Timeout;

namespace Rollouts.Cli.Remote;

/// <summary>
/// A connection to a server. Every request is safe to repeat (a release has its digest, a decision its id), so that one which finds no answer is repeated:
/// a server that restarts goes unnoticed as a rule.
/// </summary>
internal sealed class RemoteServer : IDisposable
{
    private static readonly TimeSpan AttemptLimit = TimeSpan.FromSeconds(30);
    private readonly ServiceProvider services;
    private readonly HttpClient http;

    /// <param name="address">Where the API stands, with or without a path.</param>
    /// <param name="key">Sent with every request; null sends none.</param>
    public RemoteServer(Uri address, string? key)
    {
        Address = address.AbsoluteUri.EndsWith('/') ? address : new Uri(address.AbsoluteUri + "/");
        ServiceCollection collection = new();
        collection.AddHttpClient(nameof(RemoteServer), client =>
            {
                client.BaseAddress = Address;
                client.Timeout = Timeout.InfiniteTimeSpan;
                client.DefaultRequestHeaders.UserAgent.ParseAdd("rollouts-cli/1.0");
            })
            .ConfigurePrimaryHttpMessageHandler(() => new SocketsHttpHandler { UseProxy = !Address.IsLoopback, AllowAutoRedirect = false })
            .AddResilienceHandler("repeat", pipeline => pipeline
                .AddRetry(new HttpRetryStrategyOptions
                {
                    MaxRetryAttempts = 4,
                    Delay = TimeSpan.FromMilliseconds(300),
                    BackoffType = DelayBackoffType.Exponential,
                    UseJitter = true,
                })
                .AddTimeout(AttemptLimit));
        services = collection.BuildServiceProvider();
        http = services.GetRequiredService<IHttpClientFactory>().CreateClient(nameof(RemoteServer));
        Rollouts = new RemoteRollouts(http, key);
    }

    public Uri Address { get; }

    public RemoteRollouts Rollouts { get; }

    /// <summary>Whether the server answers within a time; it is asked again until it does.</summary>
    public async Task<bool> AnswersAsync(TimeSpan patience, TimeProvider time, CancellationToken cancellationToken)
    {
        ResiliencePipeline<bool> untilItAnswers = new ResiliencePipelineBuilder<bool> { TimeProvider = time }
            .AddTimeout(patience)
            .AddRetry(new RetryStrategyOptions<bool>
            {
                MaxRetryAttempts = int.MaxValue,
                Delay = TimeSpan.FromSeconds(1),
                ShouldHandle = new PredicateBuilder<bool>().HandleResult(false).Handle<HttpRequestException>().Handle<TimeoutRejectedException>(),
            })
            .Build();
        try
        {
            return await untilItAnswers.ExecuteAsync(IsHealthyAsync, cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutRejectedException)
        {
            return false;
        }
    }

    private async ValueTask<bool> IsHealthyAsync(CancellationToken cancellationToken)
    {
        using HttpResponseMessage answer = await http.GetAsync("/healthz", cancellationToken).ConfigureAwait(false);
        return answer.IsSuccessStatusCode;
    }

    public void Dispose()
    {
        http.Dispose();
        services.Dispose();
    }
}
