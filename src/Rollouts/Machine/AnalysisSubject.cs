using System.Text.Json.Serialization;

namespace Rollouts.Machine;

/// <summary>What an analysis, or a question about one, is about.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<AnalysisSubject>))]
public enum AnalysisSubject
{
    /// <summary>The step under way.</summary>
    Step,

    /// <summary>The analysis beside the steps.</summary>
    Background,

    /// <summary>The bake time after the canary got everything.</summary>
    Bake,

    /// <summary>What goes to the canary: a split that somebody else has changed, or a share of requests that is not the weight's.</summary>
    Traffic,
}
