using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Polly.Timeout;
using Rollouts.Engine;
using Rollouts.Journal;
using Rollouts.Ledger;
using Rollouts.Machine;

namespace Rollouts.Cli.Remote;

/// <summary>Rollouts behind an HTTP API: the embedded server's or the durable app's.</summary>
/// <param name="http">With the API's base address.</param>
/// <param name="key">The server's token, an Entra token or a function key: sent as a bearer token and as <c>x-functions-key</c>; null sends none.</param>
internal sealed class RemoteRollouts(HttpClient http, string? key) : IRolloutControl
{
    /// <summary>Posts a release. The same one again answers with the same rollout.</summary>
    /// <param name="manifests">The release.</param>
    /// <param name="supersede">Whether a rollout under way on the target ends for this one.</param>
    /// <param name="run">Which run of the same content; null is the first.</param>
    /// <param name="requester">Who asks for it, as policies know people; null is not known.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="InvalidInputException">The API refuses it; the message holds every problem with its file and line.</exception>
    public async Task<RolloutStatus> StartAsync(JoinedManifests manifests, bool supersede, string? run, string? requester, CancellationToken cancellationToken)
    {
        using HttpRequestMessage request = Request(HttpMethod.Post, WithQuery("api/rollouts", ("supersede", supersede ? "true" : null), ("run", run), ("requester", requester)));
        request.Content = new StringContent(manifests.Text, Encoding.UTF8, "application/yaml");
        using HttpResponseMessage response = await AnswerAsync(request, cancellationToken).ConfigureAwait(false);
        if (response.StatusCode == HttpStatusCode.NotFound)
        {
            throw new InvalidInputException($"{http.BaseAddress} has no /api/rollouts");
        }

        return response.IsSuccessStatusCode
            ? await ReadAsync(response, RolloutJson.Default.RolloutStatus, cancellationToken).ConfigureAwait(false)
            : throw await RemoteProblem.ReadAsync(response, manifests, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Starts a release that goes back to a former version.</summary>
    /// <param name="id">The rollout to undo.</param>
    /// <param name="undo">Where to, and for whom.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<RolloutStatus> UndoAsync(string id, UndoRequest undo, CancellationToken cancellationToken)
    {
        using HttpRequestMessage request = Request(HttpMethod.Post, WithQuery(
            $"api/rollouts/{Uri.EscapeDataString(id)}/undo", ("revision", undo.Revision), ("supersede", undo.Supersede ? "true" : null), ("requester", undo.Requester)));
        request.Content = JsonContent.Create(new JsonObject { ["by"] = undo.By, ["reason"] = undo.Reason });
        using HttpResponseMessage response = await AnswerAsync(request, cancellationToken).ConfigureAwait(false);
        return response.IsSuccessStatusCode
            ? await ReadAsync(response, RolloutJson.Default.RolloutStatus, cancellationToken).ConfigureAwait(false)
            : throw await RemoteProblem.ReadAsync(response, null, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public Task<RolloutStatus?> FindAsync(string id, CancellationToken cancellationToken) =>
        GetAsync($"api/rollouts/{Uri.EscapeDataString(id)}", RolloutJson.Default.RolloutStatus, cancellationToken);

    /// <inheritdoc/>
    public async Task<IReadOnlyList<RolloutStatus>> ListAsync(int most, CancellationToken cancellationToken) =>
        await GetAsync($"api/rollouts?most={most}", RolloutJson.Default.IReadOnlyListRolloutStatus, cancellationToken).ConfigureAwait(false)
            ?? throw new InvalidInputException($"{http.BaseAddress} has no /api/rollouts");

    /// <inheritdoc/>
    public Task<IReadOnlyList<JournalRecord>?> ReadJournalAsync(string id, long after, int most, CancellationToken cancellationToken) => GetAsync(
        $"api/rollouts/{Uri.EscapeDataString(id)}/journal?after={after}&most={most}", RolloutJson.Default.IReadOnlyListJournalRecord, cancellationToken);

    /// <inheritdoc/>
    public async Task<DecisionReceipt> DecideAsync(string id, Decision decision, CancellationToken cancellationToken) =>
        (await SendAsync(id, decision, cancellationToken).ConfigureAwait(false)).Receipt;

    /// <summary>Sends a decision; beside the receipt, why it was not taken.</summary>
    public async Task<(DecisionReceipt Receipt, string? Refusal)> SendAsync(string id, Decision decision, CancellationToken cancellationToken)
    {
        using HttpRequestMessage request = Request(HttpMethod.Post, $"api/rollouts/{Uri.EscapeDataString(id)}/{CommandName.Of(decision.Command)}");
        request.Content = JsonContent.Create(new JsonObject
        {
            ["id"] = decision.Id,
            ["by"] = decision.By,
            ["reason"] = decision.Reason,
            ["question"] = decision.Question,
            ["fromStep"] = decision.FromStep,
        });
        using HttpResponseMessage response = await AnswerAsync(request, cancellationToken).ConfigureAwait(false);
        if (response.IsSuccessStatusCode)
        {
            RolloutStatus status = await ReadAsync(response, RolloutJson.Default.RolloutStatus, cancellationToken).ConfigureAwait(false);
            return (new DecisionReceipt(response.StatusCode == HttpStatusCode.OK ? DecisionOutcome.AlreadyAccepted : DecisionOutcome.Accepted, status), null);
        }

        InvalidInputException problem = await RemoteProblem.ReadAsync(response, null, cancellationToken).ConfigureAwait(false);
        return response.StatusCode switch
        {
            HttpStatusCode.NotFound => (new DecisionReceipt(DecisionOutcome.NotFound, null), problem.Message),
            HttpStatusCode.Conflict or HttpStatusCode.Gone => (
                new DecisionReceipt(DecisionOutcome.AlreadyFinished, await FindAsync(id, cancellationToken).ConfigureAwait(false)), problem.Message),
            _ => throw problem,
        };
    }

    /// <summary>Says whether an outcome was right.</summary>
    /// <exception cref="InvalidInputException">The ledger has no such rollout, or nothing to judge about it.</exception>
    public async Task<LedgerEntry> JudgeAsync(string id, Verdict verdict, string by, string? reason, CancellationToken cancellationToken)
    {
        using HttpRequestMessage request = Request(HttpMethod.Post, $"api/rollouts/{Uri.EscapeDataString(id)}/judgement");
        request.Content = JsonContent.Create(new JsonObject { ["verdict"] = verdict.ToString().ToLowerInvariant(), ["by"] = by, ["reason"] = reason });
        using HttpResponseMessage response = await AnswerAsync(request, cancellationToken).ConfigureAwait(false);
        return response.IsSuccessStatusCode
            ? await ReadAsync(response, RolloutJson.Default.LedgerEntry, cancellationToken).ConfigureAwait(false)
            : throw await RemoteProblem.ReadAsync(response, null, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Counts and rates since a time; null asks since a year ago.</summary>
    public async Task<LedgerReport> LedgerAsync(string? since, CancellationToken cancellationToken) =>
        await GetAsync(
            $"api/ledger{(since is null ? "" : $"?since={Uri.EscapeDataString(since)}")}", RolloutJson.Default.LedgerReport, cancellationToken).ConfigureAwait(false)
            ?? throw new InvalidInputException($"{http.BaseAddress} has no /api/ledger");

    private async Task<T?> GetAsync<T>(string path, JsonTypeInfo<T> type, CancellationToken cancellationToken)
        where T : class
    {
        using HttpRequestMessage request = Request(HttpMethod.Get, path);
        using HttpResponseMessage response = await AnswerAsync(request, cancellationToken).ConfigureAwait(false);
        return response.StatusCode switch
        {
            HttpStatusCode.NotFound => null,
            _ when response.IsSuccessStatusCode => await ReadAsync(response, type, cancellationToken).ConfigureAwait(false),
            _ => throw await RemoteProblem.ReadAsync(response, null, cancellationToken).ConfigureAwait(false),
        };
    }

    private static async Task<T> ReadAsync<T>(HttpResponseMessage response, JsonTypeInfo<T> type, CancellationToken cancellationToken)
    {
        try
        {
            return await response.Content.ReadFromJsonAsync(type, cancellationToken).ConfigureAwait(false) ?? throw new JsonException("nothing");
        }
        catch (JsonException unreadable)
        {
            throw new InvalidInputException($"{response.RequestMessage?.RequestUri}: the answer is not this API's: {unreadable.Message}");
        }
    }

    private async Task<HttpResponseMessage> AnswerAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        HttpResponseMessage response;
        try
        {
            response = await http.SendAsync(request, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception failure) when (failure is HttpRequestException or IOException or TimeoutRejectedException)
        {
            throw new PortException(FailureKind.Transient, $"{http.BaseAddress}: {failure.Message}", failure);
        }
        catch (TaskCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new PortException(FailureKind.Transient, $"{http.BaseAddress}: no answer within {http.Timeout.TotalSeconds:0} s");
        }

        if (response.StatusCode is >= HttpStatusCode.InternalServerError or HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests)
        {
            int status = (int)response.StatusCode;
            string? reason = response.ReasonPhrase;
            response.Dispose();
            throw new PortException(FailureKind.Transient, $"{http.BaseAddress}: {status} {reason}");
        }

        return response;
    }

    private static string WithQuery(string path, params (string Name, string? Value)[] query)
    {
        string given = string.Join('&', query.Where(q => !string.IsNullOrEmpty(q.Value)).Select(q => $"{q.Name}={Uri.EscapeDataString(q.Value!)}"));
        return given.Length == 0 ? path : $"{path}?{given}";
    }

    private HttpRequestMessage Request(HttpMethod method, string path)
    {
        HttpRequestMessage request = new(method, path);
        if (key is not null)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
            request.Headers.Add("x-functions-key", key);
        }

        return request;
    }
}
