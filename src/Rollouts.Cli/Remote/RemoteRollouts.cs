using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Rollouts.Engine;
using Rollouts.Journal;
using Rollouts.Machine;

namespace Rollouts.Cli.Remote;

/// <summary>Rollouts behind an HTTP API: the embedded server's or the durable app's.</summary>
/// <param name="http">With the API's base address.</param>
/// <param name="key">Sent as <c>x-functions-key</c>; null sends none.</param>
internal sealed class RemoteRollouts(HttpClient http, string? key) : IRolloutControl
{
    /// <summary>Posts a release.</summary>
    /// <exception cref="InvalidInputException">The API refuses it; the message holds every problem.</exception>
    public async Task<RolloutStatus> StartAsync(string manifest, CancellationToken cancellationToken)
    {
        using HttpRequestMessage request = Request(HttpMethod.Post, "api/rollouts");
        request.Content = new StringContent(manifest, Encoding.UTF8, "application/yaml");
        return await SendAsync(request, RolloutJson.Default.RolloutStatus, cancellationToken).ConfigureAwait(false)
            ?? throw new InvalidInputException($"{http.BaseAddress} has no /api/rollouts");
    }

    /// <inheritdoc/>
    public Task<RolloutStatus?> FindAsync(string id, CancellationToken cancellationToken) =>
        GetAsync($"api/rollouts/{Uri.EscapeDataString(id)}", RolloutJson.Default.RolloutStatus, cancellationToken);

    /// <inheritdoc/>
    public async Task<IReadOnlyList<RolloutStatus>> ListAsync(int most, CancellationToken cancellationToken) =>
        await GetAsync($"api/rollouts?most={most}", RolloutJson.Default.IReadOnlyListRolloutStatus, cancellationToken).ConfigureAwait(false) ?? [];

    /// <inheritdoc/>
    public Task<IReadOnlyList<JournalRecord>?> ReadJournalAsync(string id, long after, int most, CancellationToken cancellationToken) => GetAsync(
        $"api/rollouts/{Uri.EscapeDataString(id)}/journal?after={after}&most={most}", RolloutJson.Default.IReadOnlyListJournalRecord, cancellationToken);

    /// <inheritdoc/>
    public async Task<DecisionReceipt> DecideAsync(string id, Decision decision, CancellationToken cancellationToken)
    {
        using HttpRequestMessage request = Request(HttpMethod.Post, $"api/rollouts/{Uri.EscapeDataString(id)}/{CommandName.Of(decision.Command)}");
        request.Content = JsonContent.Create(new JsonObject
        {
            ["id"] = decision.Id,
            ["by"] = decision.By,
            ["reason"] = decision.Reason,
            ["question"] = decision.Question,
        });
        using HttpResponseMessage response = await AnswerAsync(request, cancellationToken).ConfigureAwait(false);
        DecisionOutcome outcome = response.StatusCode switch
        {
            HttpStatusCode.Accepted => DecisionOutcome.Accepted,
            HttpStatusCode.OK => DecisionOutcome.AlreadyAccepted,
            HttpStatusCode.NotFound => DecisionOutcome.NotFound,
            HttpStatusCode.Conflict or HttpStatusCode.Gone => DecisionOutcome.AlreadyFinished,
            _ => throw await RefusedAsync(response, cancellationToken).ConfigureAwait(false),
        };
        return new DecisionReceipt(outcome, await FindAsync(id, cancellationToken).ConfigureAwait(false));
    }

    private async Task<T?> GetAsync<T>(string path, JsonTypeInfo<T> type, CancellationToken cancellationToken)
        where T : class
    {
        using HttpRequestMessage request = Request(HttpMethod.Get, path);
        return await SendAsync(request, type, cancellationToken).ConfigureAwait(false);
    }

    private async Task<T?> SendAsync<T>(HttpRequestMessage request, JsonTypeInfo<T> type, CancellationToken cancellationToken)
        where T : class
    {
        using HttpResponseMessage response = await AnswerAsync(request, cancellationToken).ConfigureAwait(false);
        if (response.StatusCode == HttpStatusCode.NotFound)
        {
            return null;
        }

        if (!response.IsSuccessStatusCode)
        {
            throw await RefusedAsync(response, cancellationToken).ConfigureAwait(false);
        }

        try
        {
            return await response.Content.ReadFromJsonAsync(type, cancellationToken).ConfigureAwait(false);
        }
        catch (JsonException unreadable)
        {
            throw new InvalidInputException($"{request.RequestUri}: the answer is not this API's: {unreadable.Message}");
        }
    }

    private async Task<HttpResponseMessage> AnswerAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        try
        {
            return await http.SendAsync(request, cancellationToken).ConfigureAwait(false);
        }
        catch (HttpRequestException failure)
        {
            throw new PortException(FailureKind.Transient, $"{http.BaseAddress}: {failure.Message}", failure);
        }
        catch (TaskCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new PortException(FailureKind.Transient, $"{http.BaseAddress}: no answer within {http.Timeout.TotalSeconds:0} s");
        }
    }

    private HttpRequestMessage Request(HttpMethod method, string path)
    {
        HttpRequestMessage request = new(method, path);
        if (key is not null)
        {
            request.Headers.Add("x-functions-key", key);
        }

        return request;
    }

    private static async Task<InvalidInputException> RefusedAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        if (response.StatusCode == HttpStatusCode.Unauthorized)
        {
            return new InvalidInputException("401: the function key is missing or wrong; give it with --key, or in $ROLLOUTS_KEY");
        }

        string text = await response.Content.ReadAsStringAsync(cancellationToken).ConfigureAwait(false);
        string detail = text;
        try
        {
            detail = JsonNode.Parse(text)?["detail"]?.GetValue<string>() ?? text;
        }
        catch (Exception plain) when (plain is JsonException or InvalidOperationException)
        {
            // A gateway's page, not a problem of ours: it is shown as it came.
        }

        return new InvalidInputException($"{(int)response.StatusCode} {response.ReasonPhrase}: {detail}");
    }
}
