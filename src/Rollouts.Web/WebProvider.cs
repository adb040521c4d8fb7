using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Rollouts.Analysis;
using Rollouts.Analysis.Expressions;
using Rollouts.Outbound;

namespace Rollouts.Web;

/// <summary>
/// Asks web services for the values of metrics (Argo: <c>metricproviders/webmetric</c>). Only the operator's addresses are asked, redirects are not
/// followed, at most 1 MiB of an answer is read.
/// </summary>
public sealed class WebProvider : IWebMetricProvider
{
    /// <summary>How much of an answer is read.</summary>
    public const int LongestAnswer = 1024 * 1024;

    private readonly IHttpClientFactory clients;
    private readonly AllowedUrls urls;
    private readonly OAuth2Tokens tokens;
    private readonly TimeProvider time;

    internal WebProvider(IHttpClientFactory clients, AllowedUrls urls, IReadOnlyList<string> tokenAddresses, TimeProvider time)
    {
        this.clients = clients;
        this.urls = urls;
        this.time = time;
        tokens = new OAuth2Tokens(clients, new TokenAddresses(tokenAddresses, "Web:TokenAddresses"), time);
    }

    /// <inheritdoc/>
    public async Task<MetricAnswer> QueryAsync(WebQuery query, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(query);
        (Uri url, string client) = urls.Choose(query.Url, query.Insecure);
        using HttpRequestMessage request = Create(url, query);
        using HttpClient http = clients.CreateClient(client);
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(query.TimeoutSeconds), time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            if (query.OAuth2 is { } credentials)
            {
                string token = await tokens.GetAsync(credentials, either.Token).ConfigureAwait(false);
                request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
            }

            using HttpResponseMessage response = await http
                .SendAsync(request, HttpCompletionOption.ResponseHeadersRead, either.Token).ConfigureAwait(false);
            if (!response.IsSuccessStatusCode)
            {
                if (response.StatusCode == HttpStatusCode.Unauthorized && query.OAuth2 is { } refused)
                {
                    tokens.Forget(refused);
                }

                throw Fail(KindOf(response.StatusCode), url, Describe(response), null);
            }

            string body = await ReadAsync(url, response, either.Token).ConfigureAwait(false);
            return new MetricAnswer(Read(url, body, query.JsonPath), []);
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw Fail(FailureKind.Transient, url, limit.IsCancellationRequested ? $"no answer within {query.TimeoutSeconds} s" : "no connection within 5 s", e);
        }
        catch (HttpRequestException e)
        {
            string cure = e.HttpRequestError == HttpRequestError.SecureConnectionError ? "; the authority to trust is set by CaFile in Web:Addresses" : "";
            throw Fail(FailureKind.Transient, url, SentSecrets.Clean((e.InnerException ?? e).Message, request) + cure, e);
        }
        catch (IOException e)
        {
            throw Fail(FailureKind.Transient, url, $"the answer broke off: {SentSecrets.Clean(e.Message, request)}", e);
        }
    }

    private static HttpRequestMessage Create(Uri url, WebQuery query)
    {
        var request = new HttpRequestMessage(new HttpMethod(query.Method), url);
        request.Headers.UserAgent.ParseAdd("rollouts");
        if (query.JsonBody is { } json)
        {
            request.Content = new StringContent(json, Encoding.UTF8, new MediaTypeHeaderValue("application/json"));
        }
        else if (query.Body is { } body)
        {
            request.Content = new StringContent(body, Encoding.UTF8);
            request.Content.Headers.ContentType = null;
        }

        // Argo sets the type of a JSON body after the headers, so that it wins.
        QueryHeaders.Add(
            request,
            query.JsonBody is null ? query.Headers : [.. query.Headers.Where(h => !h.Key.Equals("Content-Type", StringComparison.OrdinalIgnoreCase))],
            "Web:Addresses",
            mayHaveContentType: true);
        return request;
    }

    private static async Task<string> ReadAsync(Uri url, HttpResponseMessage response, CancellationToken cancellationToken)
    {
        try
        {
            Stream body = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
            await using var bounded = new BoundedStream(body, LongestAnswer);
            using var reader = new StreamReader(bounded, Encoding.UTF8);
            return response.Content.Headers.ContentLength > LongestAnswer
                ? throw new AnswerTooLongException()
                : await reader.ReadToEndAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (AnswerTooLongException e)
        {
            throw Fail(FailureKind.Invalid, url, "the answer is longer than 1 MiB", e);
        }
    }

    private static MetricValue Read(Uri url, string body, string? jsonPath)
    {
        try
        {
            return WebAnswer.Read(body, jsonPath);
        }
        catch (FormatException e)
        {
            throw Fail(FailureKind.Invalid, url, e.Message, e);
        }
    }

    private static FailureKind KindOf(HttpStatusCode status) => status switch
    {
        HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden => FailureKind.Forbidden,
        HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests or >= HttpStatusCode.InternalServerError => FailureKind.Transient,
        _ => FailureKind.Invalid,
    };

    private static string Describe(HttpResponseMessage response) =>
        $"received non 2xx response code: {(int)response.StatusCode}{((int)response.StatusCode is >= 300 and < 400 ? "; a redirect is not followed" : "")}";

    // Without the query, which may hold what is nobody else's business.
    private static PortException Fail(FailureKind kind, Uri url, string what, Exception? inner) =>
        new(kind, $"web service at {url.GetLeftPart(UriPartial.Path)}: {what}", inner);
}
