using System.Text.Json.Nodes;
using Rollouts.Traffic;

namespace Rollouts.Kubernetes.Tests.Traffic.Benches;

/// <summary>One router as its users see it: the objects that they write, and what their data plane makes of them, read without the code under test.</summary>
public abstract class RouterBench
{
    /// <summary>The kind of the object that carries the split.</summary>
    public abstract (string Group, string Version, string Plural) Kind { get; }

    /// <summary>Every kind of object that carries the split.</summary>
    public virtual IReadOnlyList<(string Group, string Version, string Plural)> Carriers => [Kind];

    /// <summary>The role that the project ships for this router, in <c>infra/kubernetes</c>.</summary>
    public abstract string RoleFile { get; }

    /// <summary>Whether the router has header routes.</summary>
    public virtual bool HasHeaderRoutes => true;

    /// <summary>Whether the router has mirror routes.</summary>
    public virtual bool HasMirrorRoutes => false;

    /// <summary>The objects of the user for one name; the first is the one that routes.</summary>
    public abstract IReadOnlyList<((string Group, string Version, string Plural) Kind, JsonObject Object)> Objects(string name);

    /// <summary>The name of the object that carries the split.</summary>
    public virtual string Carrier(string name) => name;

    /// <summary>The part of a target that names this router's objects.</summary>
    public abstract TrafficTarget Route(TrafficTarget target, IReadOnlyList<string> names);

    /// <summary>How many of a hundred requests go to the canary.</summary>
    public abstract int Share(JsonObject carrier);

    /// <summary>Who gets a request with a header: <c>canary</c>, or null when the weights decide.</summary>
    public abstract string? HeaderGoesTo(JsonObject carrier, string header, string value);

    /// <summary>How many of a hundred requests are copied to the canary.</summary>
    public virtual int Mirrored(JsonObject carrier) => 0;

    /// <summary>What somebody would patch to give the canary a share by hand.</summary>
    public abstract JsonObject ByHand(JsonObject carrier, int share);

    /// <summary>What somebody would patch to add a rule that leads elsewhere, and where a rule has several backends one more, of weight 20.</summary>
    public abstract JsonObject Extended(JsonObject carrier);

    /// <summary>What somebody would patch to take the stable version out; null where there is no such thing.</summary>
    public virtual JsonObject? WithoutStable(JsonObject carrier) => null;

    /// <summary>A change of a list in the spec.</summary>
    protected static JsonObject Edited(JsonObject carrier, string list, Action<JsonArray> edit)
    {
        JsonArray items = carrier["spec"]![list]!.DeepClone().AsArray();
        edit(items);
        return new JsonObject { ["spec"] = new JsonObject { [list] = items } };
    }

    protected static JsonObject Json(string text) => JsonNode.Parse(text)!.AsObject();

    protected static IEnumerable<JsonObject> Items(JsonNode? list) => (list as JsonArray ?? []).OfType<JsonObject>();
}
