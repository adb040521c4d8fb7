namespace Rollouts.Analysis.Arguments;

/// <summary>
/// The templates of an analysis with those that they nest, each once (Argo's <c>getAnalysisTemplatesFromRefs</c> and <c>FilterUniqueTemplates</c>). A ring
/// of templates, which would have no end in Argo, counts each of them once too.
/// </summary>
public static class TemplateNesting
{
    /// <param name="references">What the analysis names.</param>
    /// <param name="templates">Templates by <see cref="TemplateReference.Key"/>; what is not among them is left out.</param>
    public static IReadOnlyList<AnalysisTemplate> Flatten(
        IReadOnlyList<TemplateReference> references, IReadOnlyDictionary<string, AnalysisTemplate> templates) =>
        [.. Walk(references, k => templates.GetValueOrDefault(k), t => t.Templates)];

    internal static IEnumerable<T> Walk<T>(
        IEnumerable<TemplateReference> references, Func<string, T?> find, Func<T, IEnumerable<TemplateReference>> nested)
        where T : class
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var waiting = new Stack<TemplateReference>(references.Reverse());
        while (waiting.TryPop(out TemplateReference? reference))
        {
            if (!seen.Add(reference.Key) || find(reference.Key) is not { } template)
            {
                continue;
            }

            yield return template;
            foreach (TemplateReference inner in nested(template).Reverse())
            {
                waiting.Push(inner);
            }
        }
    }
}
