using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Rollouts.Analysis;
using Rollouts.Outbound;

namespace Rollouts.Prometheus;

/// <summary>
/// Asks a Prometheus server, or one that speaks its API (Thanos, Mimir, Azure Monitor). Only the operator's addresses are asked, redirects are not
/// followed, at most 10 MiB of an answer is read.
/// </summary>
public sealed class PrometheusProvider : IMetricProvider
{
    /// <summary>How much of an answer is read.</summary>
    public const int LongestAnswer = 10 * 1024 * 1024;

    private const int MostWarnings = 10;

    private const string NotReadable = "the answer is no JSON that can be read";

    private static readonly JsonDocumentOptions Json = new() { MaxDepth = 32 };

    private readonly IHttpClientFactory clients;
    private readonly AllowedAddresses addresses;
    private readonly OAuth2Tokens tokens;
    private readonly TimeProvider time;

    internal PrometheusProvider(IHttpClientFactory clients, AllowedAddresses addresses, IReadOnlyList<string> tokenAddresses, TimeProvider time)
    {
        this.clients = clients;
        this.addresses = addresses;
        tokens = new OAuth2Tokens(clients, new TokenAddresses(tokenAddresses, "Prometheus:TokenAddresses"), time);
        this.time = time;
    }

    /// <summary>The value at this moment (<c>/api/v1/query</c>), or over the span that the query names.</summary>
    /// <inheritdoc/>
    public Task<MetricAnswer> QueryAsync(PrometheusQuery query, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(query);
        return query.Range is { } range
            ? QueryRangeAsync(PrometheusRangeQuery.Of(query, range, time.GetUtcNow()), cancellationToken)
            : AskAsync(query, address => PrometheusRequest.Instant(address, query), cancellationToken);
    }

    /// <summary>The values over a span of time (<c>/api/v1/query_range</c>), series by series.</summary>
    /// <exception cref="PortException">As <see cref="QueryAsync"/>; also when the span or step makes no sense.</exception>
    public Task<MetricAnswer> QueryRangeAsync(PrometheusRangeQuery range, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(range);
        return AskAsync(range.Query, address => PrometheusRequest.Range(address, range), cancellationToken);
    }

    private async Task<MetricAnswer> AskAsync(PrometheusQuery query, Func<Uri, HttpRequestMessage> create, CancellationToken cancellationToken)
    {
        (Uri address, string client) = addresses.Choose(query.Address, query.Insecure);
        TimeSpan timeout = PrometheusRequest.TimeoutOf(query);
        using HttpRequestMessage request = create(address);
        using HttpClient http = clients.CreateClient(client);
        using var limit = new CancellationTokenSource(timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            await AuthenticateAsync(request, query, either.Token).ConfigureAwait(false);
            using HttpResponseMessage response = await http
                .SendAsync(request, HttpCompletionOption.ResponseHeadersRead, either.Token).ConfigureAwait(false);
            if (response.StatusCode == HttpStatusCode.Unauthorized && query.OAuth2 is { } refused)
            {
                tokens.Forget(refused);
            }

            return await ReadAsync(address, response, either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw Fail(FailureKind.Transient, address, limit.IsCancellationRequested ? $"no answer within {query.TimeoutSeconds} s" : "no connection within 5 s", e);
        }
        catch (HttpRequestException e)
        {
            string cure = e.HttpRequestError == HttpRequestError.SecureConnectionError ? "; the authority to trust is set by CaFile in Prometheus:Addresses" : "";
            throw Fail(FailureKind.Transient, address, Clean((e.InnerException ?? e).Message) + cure, e);
        }
        catch (IOException e)
        {
            throw Fail(FailureKind.Transient, address, $"the answer broke off: {Clean(e.Message)}", e);
        }

        string Clean(string text) => SentSecrets.Clean(text, request);
    }

    // The operator's credentials for an address, where there are some, take the place of these.
    private async Task AuthenticateAsync(HttpRequestMessage request, PrometheusQuery query, CancellationToken cancellationToken)
    {
        if (query.OAuth2 is { } client)
        {
            string token = await tokens.GetAsync(client, cancellationToken).ConfigureAwait(false);
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        }
        else if (query.BasicAuth is { } basic)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue(
                "Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{basic.Username}:{basic.Password}")));
        }
    }

    private static async Task<MetricAnswer> ReadAsync(Uri address, HttpResponseMessage response, CancellationToken cancellationToken)
    {
        if ((int)response.StatusCode is >= 300 and < 400)
        {
            throw Fail(
                FailureKind.Invalid, address, PrometheusFailures.Describe(response.StatusCode, null, null, response.Headers.Location), null);
        }

        JsonDocument? answer = await ParseAsync(address, response, cancellationToken).ConfigureAwait(false);
        using (answer)
        {
            try
            {
                return Read(address, answer?.RootElement ?? default, response);
            }
            catch (InvalidOperationException e)
            {
                // What the parser takes for a string may still hold half a character.
                throw Fail(FailureKind.Invalid, address, NotReadable, e);
            }
        }
    }

    // Null when an answer that is no success is no JSON either.
    private static async Task<JsonDocument?> ParseAsync(Uri address, HttpResponseMessage response, CancellationToken cancellationToken)
    {
        MediaTypeHeaderValue? type = response.Content.Headers.ContentType;
        bool isJson = type?.MediaType is null or "application/json";
        if (!isJson && !response.IsSuccessStatusCode)
        {
            return null;
        }

        if (!isJson)
        {
            throw Fail(FailureKind.Invalid, address, $"answered with {SentSecrets.Clean(type!.MediaType!, null)} instead of JSON: is it a Prometheus server?", null);
        }

        try
        {
            Stream body = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
            await using var bounded = new BoundedStream(body, LongestAnswer);
            return response.Content.Headers.ContentLength > LongestAnswer
                ? throw new AnswerTooLongException()
                : await JsonDocument.ParseAsync(bounded, Json, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when ((e is AnswerTooLongException or JsonException) && !response.IsSuccessStatusCode)
        {
            return null;
        }
        catch (AnswerTooLongException e)
        {
            throw Fail(FailureKind.Invalid, address, "the answer is longer than 10 MiB; aggregate in the query", e);
        }
        catch (JsonException e)
        {
            throw Fail(FailureKind.Invalid, address, NotReadable, e);
        }
    }

    private static MetricAnswer Read(Uri address, JsonElement root, HttpResponseMessage response)
    {
        HttpRequestMessage? sent = response.RequestMessage;
        string? errorType = PrometheusAnswer.ReadText(root, "errorType");
        string? error = PrometheusAnswer.ReadText(root, "error");
        if (!response.IsSuccessStatusCode || errorType is not null || error is not null)
        {
            throw Fail(
                PrometheusFailures.KindOf(response.StatusCode, errorType),
                address,
                SentSecrets.Clean(PrometheusFailures.Describe(response.StatusCode, errorType, error, null), sent),
                null);
        }

        try
        {
            return PrometheusAnswer.ReadText(root, "status") == "success"
                ? new MetricAnswer(
                    PrometheusAnswer.ReadValue(root),
                    [.. PrometheusAnswer.ReadTexts(root, "warnings").Take(MostWarnings).Select(w => SentSecrets.Clean(w, sent))])
                : throw new FormatException("the answer is not one of Prometheus' API: its status is not success");
        }
        catch (FormatException e)
        {
            throw Fail(FailureKind.Invalid, address, SentSecrets.Clean(e.Message, sent), e);
        }
    }

    private static PortException Fail(FailureKind kind, Uri address, string what, Exception? inner) =>
        new(kind, $"Prometheus at {address}: {what}", inner);
}
