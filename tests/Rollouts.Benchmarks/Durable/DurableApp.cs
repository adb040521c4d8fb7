using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace Rollouts.Benchmarks.Durable;

/// <summary>A running durable app, as a pipeline speaks to it.</summary>
internal sealed class DurableApp : IDisposable
{
    private readonly HttpClient http;

    public DurableApp(string url, string key)
    {
        http = new HttpClient { BaseAddress = new Uri(url) };
        http.DefaultRequestHeaders.Add("x-functions-key", key);
    }

    /// <returns>The rollout's path.</returns>
    public async Task<string> StartAsync(string release, CancellationToken cancellationToken)
    {
        using StringContent content = new(release);
        using HttpResponseMessage answer = await http.PostAsync("/api/rollouts", content, cancellationToken);
        string text = await answer.Content.ReadAsStringAsync(cancellationToken);
        return answer.StatusCode == HttpStatusCode.Accepted
            ? $"{answer.Headers.Location}"
            : throw new InvalidOperationException($"{(int)answer.StatusCode}: {text}");
    }

    public async Task<JsonNode> UntilAsync(string path, Predicate<JsonNode> reached, CancellationToken cancellationToken)
    {
        while (true)
        {
            JsonNode status = (await http.GetFromJsonAsync<JsonNode>(path, cancellationToken))!;
            if (reached(status))
            {
                return status;
            }

            await Task.Delay(1000, cancellationToken);
        }
    }

    /// <summary>Tells a rollout something; the answer comes once it has been read, or after 5 s.</summary>
    public async Task<HttpStatusCode> DecideAsync(string path, string command, string? id, CancellationToken cancellationToken)
    {
        using HttpResponseMessage answer = await http.PostAsJsonAsync($"{path}/{command}", new { id }, cancellationToken);
        return answer.StatusCode;
    }

    public async Task<JsonArray> JournalAsync(string path, CancellationToken cancellationToken)
    {
        JsonArray whole = [];
        while (true)
        {
            long after = whole.Count == 0 ? 0 : whole[^1]!["position"]!.GetValue<long>();
            JsonArray page = (await http.GetFromJsonAsync<JsonArray>($"{path}/journal?after={after}&most=500", cancellationToken))!;
            if (page.Count == 0)
            {
                return whole;
            }

            foreach (JsonNode? record in page)
            {
                whole.Add(record!.DeepClone());
            }
        }
    }

    public void Dispose() => http.Dispose();
}
