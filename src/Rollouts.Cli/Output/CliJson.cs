using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Rollouts.Cli.Commands;
using Rollouts.Manifests;
using Rollouts.Simulation;

namespace Rollouts.Cli.Output;

/// <summary>The JSON that commands print. Members without a value are printed as null, so that a script finds every name.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true, UseStringEnumConverter = true)]
[JsonSerializable(typeof(ValidationOutput))]
[JsonSerializable(typeof(MigrationOutput))]
[JsonSerializable(typeof(EvaluationOutput))]
[JsonSerializable(typeof(AnalysisOutput))]
[JsonSerializable(typeof(SimulationResult))]
[JsonSerializable(typeof(ClusterInput))]
[JsonSerializable(typeof(ManifestProblem))]
[JsonSerializable(typeof(DecisionOutput))]
[JsonSerializable(typeof(IReadOnlyList<DecisionInput>))]
internal sealed partial class CliJson : JsonSerializerContext
{
    /// <summary>The same with texts left readable: conditions are full of characters that would be escaped for HTML.</summary>
    public static CliJson Readable =>
        field ??= new(new JsonSerializerOptions(Default.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
}
