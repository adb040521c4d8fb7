using Rollouts.Manifests.Fields;
using Rollouts.Tests.Conformance;

namespace Rollouts.Tests.Manifests;

public sealed class ManifestFieldsTests
{
    /// <summary>
    /// The fields of every object below a Rollout's canary strategy and an AnalysisTemplate's spec in Argo Rollouts 1.9 (the JSON names in
    /// <c>pkg/apis/rollouts/v1alpha1/*_types.go</c>), and of its plugin for the Gateway API.
    /// </summary>
    public static IEnumerable<TheoryDataRow<ArgoObject>> ArgosObjects => ConformanceRows.Read<ArgoObject>("argo-fields.jsonl");

    [Fact]
    public void All_EveryObject_IsListedOnceWithNotes()
    {
        Assert.Equal(ManifestFields.All.Count, ManifestFields.All.Select(s => (s.Kind, s.Path)).Distinct().Count());
        Assert.All(ManifestFields.All.SelectMany(s => s.Fields), f => Assert.NotEmpty(f.Note));
        Assert.All(ManifestFields.All, s => Assert.Contains(s.Fields, f => f.Treatment is FieldTreatment.Supported or FieldTreatment.Beyond));
    }

    [Theory]
    [MemberData(nameof(ArgosObjects))]
    public void All_EveryFieldOfArgos_IsKnown(ArgoObject argos)
    {
        if (IsNotRead(argos))
            return;
        FieldSet? set = FieldSets.Find(argos.Kind, argos.Path);

        Assert.NotNull(set);
        Assert.Empty(argos.Fields.Split(' ').Except(set.Fields.Select(f => f.Name)));
    }

    // What becomes of an object that is refused, or has no meaning here, becomes of all its fields.
    private static bool IsNotRead(ArgoObject argos)
    {
        string[] names = argos.Path.Split('.', StringSplitOptions.RemoveEmptyEntries);
        return Enumerable.Range(0, names.Length).Any(i =>
            FieldSets.Find(argos.Kind, string.Join('.', names[..i]))
                ?.Fields.FirstOrDefault(f => f.Name == names[i].Replace("[]", "", StringComparison.Ordinal))
                is { Treatment: not (FieldTreatment.Supported or FieldTreatment.Beyond) });
    }
}

/// <param name="Kind">The kind of the document.</param>
/// <param name="Path">Where in it the object is.</param>
/// <param name="Fields">Its fields, with blanks between them.</param>
public sealed record ArgoObject(string Kind, string Path, string Fields) : IConformanceRow
{
    public string Source => $"{Kind} {Path}";
}
