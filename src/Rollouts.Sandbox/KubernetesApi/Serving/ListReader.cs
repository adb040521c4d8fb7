using System.Globalization;
using System.Text.Json.Nodes;
using Rollouts.Sandbox.KubernetesApi.Requests;
using Rollouts.Sandbox.KubernetesApi.Storage;

namespace Rollouts.Sandbox.KubernetesApi.Serving;

/// <summary>Answers lists, in pages when asked for.</summary>
internal sealed class ListReader(ObjectStore store)
{
    private const int RememberedPages = 100;

    private readonly Lock gate = new();
    private readonly Dictionary<string, (long Revision, IReadOnlyList<JsonObject> Objects)> pages = [];
    private readonly Queue<string> pageOrder = new();
    private long lastPage;

    public JsonObject List(ApiRequest request)
    {
        var selection = new Selection(request);
        var limit = int.TryParse(request.Query["limit"], CultureInfo.InvariantCulture, out var asked) && asked > 0 ? asked : int.MaxValue;
        var (revision, objects) = request.Query["continue"].ToString() is { Length: > 0 } token
            ? Resume(token)
            : Select(request, selection);
        var metadata = new JsonObject { ["resourceVersion"] = revision.ToString(CultureInfo.InvariantCulture) };
        if (objects.Count > limit)
        {
            metadata["continue"] = Remember(revision, [.. objects.Skip(limit)]);
            metadata["remainingItemCount"] = objects.Count - limit;
        }

        return new()
        {
            ["kind"] = request.Kind.Name + "List",
            ["apiVersion"] = request.Kind.ApiVersion,
            ["metadata"] = metadata,
            ["items"] = new JsonArray([.. objects.Take(limit).Select(Item)]),
        };
    }

    public IReadOnlyList<JsonObject> Select(ApiRequest request) => Select(request, new(request)).Objects;

    // The list says what its items are; the items do not repeat it.
    private static JsonObject Item(JsonObject value)
    {
        var item = value.Copy();
        item.Remove("kind");
        item.Remove("apiVersion");
        return item;
    }

    private (long Revision, IReadOnlyList<JsonObject> Objects) Select(ApiRequest request, Selection selection)
    {
        var (revision, objects) = store.List(request.Kind, selection.Namespace);
        RequireVersion(request, revision);
        return (revision, [.. objects.Where(selection.Takes)]);
    }

    private static void RequireVersion(ApiRequest request, long revision)
    {
        var asked = Revisions.Read(request);
        if (asked > revision)
        {
            throw ApiFailure.TooNew(asked.Value, revision);
        }

        if (asked is > 0 && asked < revision && request.Query["resourceVersionMatch"] == "Exact")
        {
            throw ApiFailure.Expired("The resourceVersion for the provided list is too old.");
        }
    }

    private (long Revision, IReadOnlyList<JsonObject> Objects) Resume(string token)
    {
        lock (gate)
        {
            return pages.TryGetValue(token, out var page)
                ? page
                : throw ApiFailure.Expired("The provided continue parameter is too old to display a consistent list result. You can start a new list without the continue parameter.");
        }
    }

    private string Remember(long revision, IReadOnlyList<JsonObject> rest)
    {
        lock (gate)
        {
            var token = (++lastPage).ToString(CultureInfo.InvariantCulture);
            pages.Add(token, (revision, rest));
            pageOrder.Enqueue(token);
            if (pageOrder.Count > RememberedPages)
            {
                pages.Remove(pageOrder.Dequeue());
            }

            return token;
        }
    }
}
