using System.Text.Json.Nodes;
using Rollouts.Sandbox.KubernetesApi.Requests;

namespace Rollouts.Sandbox.KubernetesApi.Kinds;

/// <summary>What the real server adds to objects of one kind and what it refuses in them.</summary>
internal interface IKindRules
{
    /// <summary>Fills in what was left out.</summary>
    /// <param name="value">The object, changed in place.</param>
    /// <param name="old">What is stored now; null when it is created.</param>
    void SetDefaults(JsonObject value, JsonObject? old);

    /// <summary>Adds everything that is wrong.</summary>
    void Validate(JsonObject value, JsonObject? old, List<FieldError> errors);

    /// <summary>Whether a change that leaves the spec as it was still counts as a new generation.</summary>
    bool BumpsGeneration(JsonObject value, JsonObject old) => false;
}
