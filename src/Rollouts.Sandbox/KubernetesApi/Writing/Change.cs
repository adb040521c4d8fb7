using System.Text.Json.Nodes;

namespace Rollouts.Sandbox.KubernetesApi.Writing;

/// <summary>What an update or patch makes of the stored object.</summary>
/// <param name="Make">Gives the new object from the stored one, or from null where none is stored.</param>
internal sealed record Change(Func<JsonObject?, JsonObject> Make)
{
    /// <summary>Whether it creates the object where none is stored.</summary>
    public bool CreatesMissing { get; init; }

    /// <summary>Whether what it makes has its managed fields already.</summary>
    public bool SettlesOwnership { get; init; }
}
